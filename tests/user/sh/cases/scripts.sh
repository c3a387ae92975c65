printf '#!/bin/sh\necho "args:$#:$2" "$0"\n' >s1; chmod 755 s1; ./s1 a "b c"
printf 'echo no hash bang $1\n' >s2; chmod 755 s2; ./s2 arg; echo $?
sh s2 viash; sh ./s2; . ./s2
printf 'exit 4' >s3; sh s3; echo $?
printf 'echo from stdin $1\nread x\nthe line read\necho "[$x]"\n' | sh -s arg
sh -c 'echo $0 $1 $#' name one two
echo 'echo piped script' | sh
printf '\177ELF\0\0' >junk; chmod 755 junk; ./junk 2>/dev/null; echo $?
touch noexec; ./noexec 2>/dev/null; echo $?
./missing 2>/dev/null; echo $?
sh -c 'echo a; echo b' | { read l; echo "$l"; cat; }
sh -c 'if true; then' 2>/dev/null; echo $?
sh -c 'echo )' 2>/dev/null; echo $?
sh -c "echo 'open" 2>/dev/null; echo $?
PATH=/nonexistent; nothing 2>/dev/null; echo $?; echo builtins work
