echo a | cat | cat | cat
false | true; echo $?; true | false; echo $?
echo x | { read v; case "$v" in *x*) exit 0;; *) exit 1;; esac; }; echo $?
echo y | { read v; case "$v" in *x*) exit 0;; *) exit 1;; esac; }; echo $?
seq 3 | while read n; do echo "n$n"; done | sort -r
v=0; echo 1 | v=5; echo $v
(echo l1; echo l2) | (read a; echo "got $a"; read b; echo "got $b")
seq 100000 | head -n 1
yes() { while :; do echo y; done; }; yes | head -n 2
{ sleep 0.1; echo late; } & echo early; wait
for i in 1 2 3; do echo $i; done | { while read x; do s=$((s+x)); done; echo $s; }
echo a |
cat
true &&
echo cont
! echo x | grep -q y; echo $?
f() { cat; }; echo func | f
if echo q | grep -q q; then echo found; fi
{ echo 1; echo 2; } | tail -n 1 | wc -l | { read n; echo $((n)); }
