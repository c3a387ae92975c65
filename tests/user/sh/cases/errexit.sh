sh -c 'set -e; false; echo no'; echo $?
sh -c 'set -e; false || true; echo yes'
sh -c 'set -e; if false; then :; fi; echo yes'
sh -c 'set -e; ! true; echo yes'
sh -c 'set -e; while false; do :; done; echo yes'
sh -c 'set -e; f() { false; echo in; }; f || echo handled; f; echo no'; echo $?
sh -c 'set -e; (false; echo no); echo no'; echo $?
sh -c 'set -e; x=$(false); echo no'; echo $?
sh -c 'set -e; true && false; echo no' ; echo $?
sh -c 'set -e; false && true; echo yes'; echo $?
sh -c 'set -e; false | true; echo yes'
sh -c 'set -eu; echo $nope; echo no' 2>/dev/null; echo $?
sh -ec 'false; echo no'; echo $?
sh -c 'set -x; echo traced' 2>&1
sh -c 'set -u; echo ${x-ok}'
