unset u; e=; v=value
echo "${u-d}" "${u:-d}" "${e-d}" "${e:-d}" "${v-d}" "${v:-d}"
echo "${u+s}" "${e+s}" "${e:+s}" "${v+s}" "${v:+s}"
echo "${n=new}" "$n" "${e:=filled}" "$e"
echo ${#v} ${#u} ${#}
f=/usr/lib/libc.so.6
echo ${f#*/} ${f##*/} ${f%.*} ${f%%.*} ${f%/*} "${f#'/usr'}"
echo "${f#*"lib"}" ${f%%nothing} ${f##nothing}
echo "${u:-a b}" ${u:-a b} "${u:-"q q"}" "${u:-'s s'}" ${u:-'s  s'}
echo ${u:-$v$v} ${u:-${e}x} "${u:-$(echo sub)}"
echo "${v}s" "$v"s $vs.
set -- a b c d e f g h i j k
echo $10 ${10} ${11} $#
shift; echo $1 $#
shift 3; echo $1 $#
(echo ${u?not set here}) 2>/dev/null; echo $?
(echo ${u:?}) 2>/dev/null; echo $?
echo $((1+2)) "$((2*3))"
case ${v%e} in valu) echo yes;; esac
x='*'; echo "$x" ; y="a b c"; for w in $y; do echo "<$w>"; done
p='a.b'; echo ${p%.b} ${p%[.]*}
s=abcabc; echo ${s#*c} ${s##*c} ${s%b*} ${s%%b*} ${s#?} ${s%?}
