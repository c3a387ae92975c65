# SPDX-License-Identifier: MIT
# What the tests of the pages share; tests/lib.sh comes before it.
#
#     need_program NAME     skips the whole file where it is missing
#     web_folder            $web is the folder of `make web`; skips the whole
#                           file when npm cannot reach its registry

need_program() {
    command -v "$1" >/dev/null || skip_all "$1 is missing: tools/setup --web"
}

web_folder() {
    web=$tmp/web
    if ! why=$(FAULTLINE_BUILD=$build tools/web -o "$web" 2>&1); then
        case $why in
        *"is missing"* | *"cannot fetch"*) skip_all "$why" ;;
        esac
        echo "Bail out! $why"
        exit 1
    fi
}
