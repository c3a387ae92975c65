printf 'b 2\na 10\nc 1\na 10\n' >f
sort f; echo; sort -r f; echo; sort -u f; cut -d' ' -f2 f | sort -n
uniq f; sort f | uniq -c | tr -s ' '; sort f | uniq -d; sort f | uniq -u
head -n 2 f; head -1 f; tail -n 1 f; tail -n +3 f; head -c 3 f; echo
wc -l <f; wc f | tr -s ' '; wc -c f | tr -s ' '
grep a f; grep -c a f; grep -n 'a 1' f; grep -v a f; grep -q z f; echo $?
grep -E '^(a|c)' f; grep -i 'B' f; grep '^b 2$' f; grep -x 'a 10' f; grep -F 'a 1' f; grep x nofile 2>/dev/null; echo $?
grep -l a f nofile 2>/dev/null; grep a f f | head -n 1
cut -c1 f; cut -f1,2 -d' ' f | head -n 1; echo a:b:c | cut -d: -f2-
echo hello | tr a-y b-z; echo hello | tr -d l; echo aabbcc | tr -s ab
seq 3; seq 2 4; seq 10 -5 0
mkdir -p d/e/f; touch d/e/x d/y; ls d; ls -a d; ls -d d; ls -R d; ls -1 d/e
find d -type f | sort; find d -name 'x'
mkdir d 2>/dev/null; echo $?; mkdir -m 700 m; ls -l -d m | cut -c1-10
cp f g; cmp f g && echo same; cp -r d d2; ls d2; cp f d; ls d; echo x >>g; cmp -s f g; echo $?
mv g h; ls g 2>/dev/null; echo $?; mv h d; ls d
ln f hard; ln -s f soft; readlink soft; cat soft | head -n 1; ls -l soft | cut -c1
chmod 640 f; ls -l f | cut -c1-10; chmod u+x,g-r,o=r f; ls -l f | cut -c1-10; chmod a=rw f; ls -l f | cut -c1-10
rm soft hard; rm nofile 2>/dev/null; echo $?; rm -f nofile; echo $?; rm d 2>/dev/null; echo $?; rm -r d d2; ls
rmdir m; rmdir nodir 2>/dev/null; echo $?
basename /a/b.c .c; basename /a/b/; dirname /a/b; dirname a; dirname /
echo one two | tee t1 t2; cat t1 t2
printf 'ab\n\001' | od -c; printf 'ab\n' | od
dd if=f of=o bs=4 count=2 2>/dev/null; wc -c <o
expr 1 + 2 \* 3; expr a = b; echo $?; expr abc : 'a\(.\)'; expr 5 '>' 3 '&' 1; expr 7 / 0 2>/dev/null; echo $?
env -i A=1 B=2 env; env C=3 sh -c 'echo $C'
yes | head -n 2; true; echo $?; false; echo $?
/bin/test 1 = 1; echo $?; [ a = b ]; echo $?
id -u >/dev/null; uname >/dev/null; sleep 0; date +%Y | wc -c | tr -d ' '
cat f - <<E | tail -n 1
from input
E
cat nofile 2>/dev/null; echo $?
mkfifo p; cat p & echo through a fifo >p; wait
kill -l 15; kill -l | head -n 1 | wc -w | tr -d ' ' >/dev/null
time true 2>/dev/null; echo $?
echo "$(printf '%5.2s|' abc)$(printf '%%')$(printf '\101')"
