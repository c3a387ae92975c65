f() { local a=1 b; b=2; echo $a $b; }; a=x; f; echo $a [$b]
x=1; x=2 f; echo $x
if :; then echo a; fi | cat
echo $(( $(echo 3) + `echo 4` ))
case "a b" in a\ b) echo esc;; esac
eval 'f2() { echo evald; }'; f2; f2
i=0; while i=$((i+1)); [ $i -lt 3 ]; do echo $i; done
{ echo "}"; }; echo }
echo if then else
for i in a b; do case $i in a) continue;; esac; echo $i; done
echo "${x:+"quoted $x"}" ${x:+'sq'}
y='a"b'; echo "$y" $y "${y}"
echo "a${nope}b" 'c'd"e"
HOME=/h; echo ~ ~/x "~" a~
z=~/q; echo $z
echo {a,b} {} '{'
echo a;echo b&&echo c||echo d
echo 2>&1 x
cat <<-'Q'
	tab $x
	Q
echo ${x}y${x}
echo "$(echo "a b")" "`echo 'c d'`"
while read -r line; do echo "L:$line"; done <<E
one
  two \n

four
E
set -- 1 2 3; for i do echo -n "$i "; done; echo
test -t 0 || echo notty
[ -r /etc/passwd ] && echo readable
echo 'multi
line'
a=b c=d; echo $a$c
A=1 B=$A; echo "[$B]"
echo "$@" | cat -
(cd /tmp && pwd); 
command echo cmd; command ls /nowhere/at/all 2>/dev/null || echo failed
echo 2>/dev/null > /nonexistent/file; echo "st $?"
echo "last: $_" >/dev/null
$nothing; echo "empty cmd $?"
$nothing echo shifted
"" 2>/dev/null; echo $?
true & wait; echo bg $?
echo "${#@}" "${#*}"
w=hello; echo "${w#h}${w%o}"; echo "${w#"${w%???}"}"
func() { echo "$# $*"; shift; echo "$# $*"; }; func a 'b c' d; echo $#
trap 'echo "exit trap $?"' EXIT
exit 3
