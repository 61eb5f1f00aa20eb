#!/bin/sh
# Makes .venv and installs the given requirement files into it; does nothing, and needs no network, when they
# have not changed since. Usage: sh tools/setup.sh requirements.txt [requirements-dev.txt]
set -eu

say() { printf '%s\n' "$*" >&2; }

# The command must run, not just exist: version managers leave names on the path that only print an error.
new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for name in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11 \
        /opt/homebrew/bin/python3 /usr/local/bin/python3; do
        if new_enough "$name"; then
            printf '%s\n' "$name"
            return 0
        fi
    done
    return 1
}

debian_root() { [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ] && command -v apt-get >/dev/null 2>&1; }

python=$(find_python) || {
    say "Python 3.11 or newer was not found. Install it (Debian: apt-get install python3 python3-venv," \
        "macOS: brew install python, or the installer from python.org), then run the same command again."
    exit 1
}

if ! new_enough .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    # Debian ships Python without the part that fills a virtual environment.
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        if debian_root; then
            say "Installing $package ..."
            apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" >&2
        else
            say "This Python cannot make virtual environments. Install that part" \
                "(Debian: sudo apt-get install $package), then run the same command again."
            exit 1
        fi
    fi
    say "Making .venv with $("$python" --version) ..."
    rm -rf .venv
    "$python" -m venv .venv
fi

# The stamp is a copy of what was installed. An interrupted installation leaves none and is repeated.
wanted=.venv/wanted.txt
cat "$@" >"$wanted"
for stamp in .venv/installed-*.txt; do
    if cmp -s "$wanted" "$stamp"; then
        rm -f "$wanted"
        exit 0
    fi
done

say "Installing $* ..."
list=""
for file in "$@"; do list="$list -r $file"; done
# shellcheck disable=SC2086  # the list is meant to fall into words
.venv/bin/python -m pip install --quiet --disable-pip-version-check $list >&2 || {
    say "The installation did not finish (see above). It needs the network once; run the same command again."
    exit 1
}
rm -f .venv/installed-*.txt
cp "$1" .venv/installed-run.txt
if [ "$#" -gt 1 ]; then cp "$wanted" .venv/installed-dev.txt; fi
rm -f "$wanted"
