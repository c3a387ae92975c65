mkdir d d/e; : >d/b.c; : >d/a.c; : >d/x.h; : >d/e/y.c; : >d/.hid; : >'d/sp ace'
cd d
echo *
echo *.c
echo ?.c [ab].c [!a].c
echo */ */*.c
echo nothing* '*.c' "*.c" \*.c
echo .h*
x='*.h'; echo $x "$x"
for f in *' '*; do echo "<$f>"; done
set -f; echo *.c; set +f
cd ..; echo d/*.c d/[a-b]*
case abc in a*c) echo m1;; esac
case 'a*c' in 'a*c') echo m2;; esac
case abc in 'a*c') echo no;; *) echo m3;; esac
case '[x]' in '['*) echo m4;; esac
case b in [!a-c]) echo no;; [a-c]) echo m5;; esac
p='a*'; case abc in $p) echo m6;; esac
case abc in "$p") echo no;; *) echo m7;; esac
case x in a|x|b) echo m8;; esac
case '' in '') echo m9;; esac
case ab in (ab) echo m10; esac
case a.b in *.*) echo m11;; esac
case 'a\b' in 'a\b') echo m12;; esac
case -o in -[no]) echo m13;; esac
