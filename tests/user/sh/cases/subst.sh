echo $(echo a b) "$(echo 'a  b')" `echo c`
x=$(printf 'l1\nl2\n\n\n'); echo "$x."
echo "$(echo "nested $(echo "deep \"q\"")")"
echo `echo \`echo inner\`` "`echo \"dq\"`"
y=$(false); echo $?; y=$(exit 3); echo $?; y=1; echo $?
echo $(exit 4); echo $?
echo $(case x in x) echo in case;; esac)
echo $( (echo sub) ) $((  3 + 4 )) $(( (1+2)*3 ))
z="$(for i in 1 2 3; do echo $i; done)"; echo $z
echo "a$(echo)b" $(echo) end
f() { echo "out $1"; }; echo "[$(f x)]"
echo $(echo ')') "$(echo ")")" $(echo \))
echo $(# comment with ) in it
echo after comment)
v='$(echo no)'; echo $v "$v"
echo "$(cat <<E
hd
E
)"
