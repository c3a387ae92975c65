if true; then echo t; fi
if false; then echo no; else echo e; fi
if false; then echo no; elif true; then echo elif; else echo no; fi
if false; then :; fi; echo $?
i=0; while [ $i -lt 5 ]; do i=$((i+1)); [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done
i=0; until [ $i = 2 ]; do i=$((i+1)); echo u$i; done
for a in 1 2; do for b in x y z; do [ $b = y ] && continue 2; echo $a$b; done; done
for a in 1 2; do for b in x y z; do [ $b = y ] && break 2; echo $a$b; done; done
set -- p q; for a; do echo $a; done; for a in "$@"; do echo "$a"; done
for a in; do echo no; done; echo $?
f() { echo "f:$1:$#"; return 3; echo no; }; f x y; echo $?
g() { while :; do return 7; done; }; g; echo $?
fact() { if [ $1 -le 1 ]; then echo 1; else echo $(( $1 * $(fact $(($1 - 1))) )); fi; }; fact 6
true && echo and || echo no; false && echo no || echo or
false || false || echo third; true && false; echo $?
! true; echo $?; ! false; echo $?
{ echo a; echo b; } | while read l; do echo "<$l>"; done
(exit 5); echo $?; (echo sub; exit 2) && echo no; echo $?
x=1; (x=2); echo $x; { x=3; }; echo $x
case x in esac; echo $?
if ! false; then echo not; fi
while false; do :; done; echo $?
a() { b; echo "after $?"; }; b() { return 4; }; a
k() { local v=in; v2=out; echo $v; }; v=o; k; echo $v $v2
i=0
while :
do
	i=$((i + 1))
	case $i in
	3) break ;;
	*) echo round $i ;;
	esac
done
if { true; }; then echo g; fi
echo one; echo two &
wait; echo three
f2() (
	x=subshell
	exit 9
)
x=main; f2; echo $? $x
