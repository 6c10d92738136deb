#!/usr/bin/env bash
# Installs the Debian/Ubuntu packages that a part of the work needs, and only those that are
# missing. Nothing to do: no output, no network.
#   tools/setup.sh build|test|bench|fuzz|format ...
# Other systems: install the equivalents, then set CUPEL_SKIP_SETUP=1.
set -euo pipefail

packages_of() {
  case "$1" in
    build) echo "g++ cmake ninja-build ccache libeigen3-dev libsqlite3-dev libcli11-dev
                 libtomlplusplus-dev nlohmann-json3-dev libfmt-dev
                 libsundials-dev libmuparser-dev libpagmo-dev libxgboost-dev libdnnl-dev
                 libpng-dev libturbojpeg0-dev libpugixml-dev libzip-dev zlib1g-dev coinor-libipopt-dev
                 libxlsxwriter-dev" ;;
    test) echo "libgtest-dev librapidcheck-dev python3 sqlite3 libreoffice-calc-nogui" ;;
    bench) echo "libbenchmark-dev python3 python3-sklearn python3-torch python3-deap python3-optuna libopenblas0-pthread" ;;
    fuzz) echo "clang-14 libclang-rt-14-dev" ;;
    format) echo "clang-format-14" ;;
    *) fail "there is no package set '$1'" "the sets are: build test bench fuzz format" ;;
  esac
}

fail() {
  printf 'setup: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

# Runs a command as root: directly, or through sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@"
}

[ -z "${CUPEL_SKIP_SETUP:-}" ] || exit 0
[ $# -gt 0 ] || fail "say what for" "tools/setup.sh build test (sets: build test bench fuzz format)"

wanted=""
for set_name in "$@"; do
  list=$(packages_of "$set_name")  # alone on its line, so that a failure ends the script
  wanted+=" $list"
done

wanted=$(echo $wanted)  # on one line
command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
  fail "this is neither Debian nor Ubuntu (no apt-get)" \
       "install what corresponds to: $wanted" "then set CUPEL_SKIP_SETUP=1"

present=" $(dpkg-query -W -f='${Package}:${db:Status-Status} ' $wanted 2>/dev/null || true)"
missing=()
for package in $wanted; do
  [[ $present == *" $package:installed "* ]] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

command="apt-get install --no-install-recommends ${missing[*]}"
[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
  fail "packages are missing, and installing them needs root" "as root, run: $command"

echo "setup: installing ${missing[*]}" >&2
apt update || echo "setup: the package lists could not be refreshed; trying with the old ones" >&2
unknown=()
for package in "${missing[@]}"; do
  [ -n "$(apt-cache --quiet=0 show --no-all-versions "$package" 2>/dev/null)" ] ||
    unknown+=("$package")
done
[ ${#unknown[@]} -eq 0 ] ||
  fail "this system's package sources do not have: ${unknown[*]}" \
       "check the network and the apt sources (Ubuntu: the 'universe' part must be on)," \
       "or install them in another way and set CUPEL_SKIP_SETUP=1"
apt install -y --no-install-recommends "${missing[@]}" >&2 ||
  fail "apt-get could not install the packages" "to see why, run: $command"
