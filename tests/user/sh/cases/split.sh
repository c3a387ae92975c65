show() { printf '%d:' $#; printf '[%s]' "$@"; echo; }
x=' a  b '; show $x; show "$x"; show x$x.y
IFS=:; x='a::b:'; show $x; x=':a'; show $x; x='a:'; show $x
IFS=' :'; x='a : b :: c'; show $x
IFS=; x='a b'; show $x
unset IFS; show $x
IFS=' 	
'
x=; show $x; show "$x"; show $x$x; show "$x"$x
set -- 'p q' r; show $@; show "$@"; show $*; show "$*"; show "x$@y"
echo 'a:b c:d' | { IFS=: read p q r; echo "$p|$q|$r"; }
echo '  lead  trail  ' | { read p; echo "[$p]"; }
echo 'one two three' | { read p q; echo "[$p][$q]"; }
printf 'a\\b c\n' | { read p; echo "[$p]"; }
printf 'a\\b c\n' | { read -r p; echo "[$p]"; }
printf 'a\\\nb\n' | { read p; echo "[$p]"; }
printf 'no newline' | { read p; echo "$? [$p]"; }
echo 'x:y:' | { IFS=: read p q; echo "[$p][$q]"; }
read p </dev/null; echo $?
