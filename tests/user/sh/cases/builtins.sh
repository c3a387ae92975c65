cd /; pwd; echo $PWD; cd /usr; cd - ; pwd
cd /tmp; pwd
export E=exported; sh -c 'echo $E'; unset E; sh -c 'echo [$E]'
V=temp sh -c 'echo $V'; echo "[$V]"
f() { echo "f sees $V"; }; V=tf f; echo "[$V]"
eval 'echo eval "$(echo x)"'; c='echo two words'; eval "$c"
set -- a b c; echo $#; set -- "$@" d; echo $# $4; set x y; echo $1 $2
type cd >/dev/null && echo has cd; command -v echo; command -v nosuchthing || echo none
true; echo $?; false; echo $?; :; echo $?
umask 027; umask; umask 022
test 1 -eq 1 && echo t1; [ a != b ] && echo t2; [ -z "" ] && echo t3; [ -n x ] && echo t4
[ 2 -gt 1 -a 1 -lt 2 ] && echo t5; [ 1 = 2 -o 1 = 1 ] && echo t6; [ ! -e /nothere ] && echo t7
[ -d / ] && [ ! -f / ] && echo t8; [ "(" = "(" ] && echo t9; [ ! ] && echo t10; [ -n ] && echo t11
[ "" ] || echo t12; [ x ] && echo t13; [ ! x ] || echo t14; [ "!" = "!" ] && echo t15
[ 1 -eq x ] 2>/dev/null; echo $?
trap 'echo bye' EXIT
(trap 'echo subbye' EXIT; echo in sub)
sh -c 'trap "echo got; exit 6" TERM; kill -TERM $$; echo not reached'; echo $?
sh -c 'trap "" TERM; kill -TERM $$; echo survived'
sh -c 'trap "echo usr" USR1; kill -USR1 $$; echo after'
sh -c 'kill -9 $$' 2>/dev/null; echo $?
sh -c 'exit 300'; echo $?
nosuchcommand_x 2>/dev/null; echo $?
/etc/passwd 2>/dev/null; echo $?
/ 2>/dev/null; echo $?
readonly R=1; (R=2) 2>/dev/null || echo readonly
read a b <<E
1 2 3
E
echo $a $b
sleep 0 & wait $!; echo $?
(exit 7) & wait $!; echo $?
sh -c 'exit 3' & p=$!; wait $p; echo $?
echo 'echo dotted $1; return 4; echo no' >/tmp/dot.$$; . /tmp/dot.$$; echo $?; rm /tmp/dot.$$
exec 5>&1; echo via5 >&5
while getopts ab:c o -a -b val -c rest; do echo "$o:$OPTARG"; done; echo $OPTIND
unset x; echo ${x-unset}; x=; echo ${x-unset}
f() { return; }; false; f; echo $?
printf '%s-%d-%x-%5s|%-5s|%03d\n' a 10 255 r l 7
printf '%s %s\n' 1 2 3; printf 'a\tb\n'; printf '%b' 'x\ty\n'; printf '%c%c\n' hello w; printf '%%\n'
