x='a  b'
echo $x "$x" '$x' \$x "a\"b" "a\b" 'it'"'"'s'
echo "tab	end" a\ b "" '' end
set -- "" 'one two' ''
echo $# "[$1]" "[$2]"
printf '[%s]' "$@"; echo
printf '[%s]' $@; echo
printf '[%s]' "$*"; echo
printf '[%s]' "a$@b"; echo
set --
printf '[%s]' "$@"; echo
printf '[%s]' "" "$@"; echo
printf '[%s]' x"$@"; echo
IFS=:
set -- 1 2 3
echo "$*"
unset IFS
echo a\
b
echo "a\
b"
echo 'a\
b'
echo \\ "\\" '\\' "\$HOME" "\`"
echo # comment
echo a#b
echo "#" '#'
