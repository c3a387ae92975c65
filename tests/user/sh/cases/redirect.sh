echo one >f; echo two >>f; cat f; cat <f
echo err 1>&2 2>/dev/null; ls nothere 2>e >/dev/null; [ -s e ] && echo haserr
{ echo o; echo e 1>&2; } >both 2>&1; cat both
{ echo o2; echo e2 1>&2; } 2>&1 >/dev/null | cat
cat <<END
here $((1+1)) $x \$x `echo bq` $(echo cs)
  indented "quotes" 'kept' \\ back\
slash
END
x=val; cat <<'END'
literal $x \$x `no`
END
cat <<-END
	tabs stripped $x
		both
	END
cat <<A; cat <<B
first
A
second
B
cat <<E | tr a-z A-Z
through a pipe
E
while read a b; do echo "$b-$a"; done <<E
1 2
3 4
E
exec 3>out3; echo to3 >&3; exec 3>&-; cat out3
exec 4<f; read l <&4; echo "$l"; read l <&4; echo "$l"; exec 4<&-
echo x >&9 2>/dev/null || echo badfd
: >empty; [ -s empty ] || echo empty
echo a b > 'sp f'; cat 'sp f'
f() { echo in f; echo err >&2; }; f >ff 2>/dev/null; cat ff
if true; then echo cond; fi >condf; cat condf
for i in 1 2; do echo $i; done >loopf; cat loopf
(echo s1; echo s2) | { read a; read b; echo $b $a; }
echo rw >rwf; read z <>rwf; echo $z
cat < nofile 2>/dev/null; echo $?
echo keep > nc; echo more >| nc; cat nc
2>/dev/null echo prefix
>created; [ -f created ] && echo created
cat <<X$((1))
delim not expanded
X$((1))
v=$(cat <<EOT
in substitution
EOT
); echo "$v"
big=$(i=0; while [ $i -lt 900 ]; do echo "line $i of a long here document"; i=$((i+1)); done)
cat <<E | tail -n 1
$big
E
