sh -c 'kill -SEGV $$' 2>/dev/null; echo $?
sh -c 'sleep 5 & kill $!; wait $!; echo $?' 2>/dev/null
sh -c 'trap "echo int" INT; kill -INT $$; echo cont'
sh -c 'trap "echo a" EXIT; trap - EXIT; echo none'
sh -c 'trap "echo exit \$?" EXIT; exit 3'; echo $?
sh -c 'trap "echo outer" EXIT; (echo inner); echo main'
(sleep 5; echo no) & p=$!; kill -9 $p; wait $p 2>/dev/null; echo $?
kill -l 9; kill -l 137; kill -0 $$; echo $?
kill -0 999999 2>/dev/null; echo $?
trap 'echo t1' USR2; trap; trap - USR2; trap
