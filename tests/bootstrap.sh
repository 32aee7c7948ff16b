#!/bin/sh
# ./bootstrap against a pretended machine: every tool that it asks or changes the system by is a stand-in that writes
# down how it was called. Nothing is installed and nothing is built.
# shellcheck disable=SC2016
set -u

src=$(cd "${srcdir:-.}" && pwd)
dir=$(mktemp -d "${TMPDIR:-/tmp}/bascule-boot-XXXXXX") || exit 99
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0

say() { # ok?, what
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
		echo "ok - $2"
	else
		failed=$((failed + 1))
		echo "not ok - $2"
		sed 's/^/  /' "$dir/output" "$dir/calls"
	fi
}

stand_in() { # name, body
	printf '#!/bin/sh\n%s\n' "$2" >"$dir/bin/$1"
	chmod +x "$dir/bin/$1"
}

machine() { # manager, uid
	rm -rf "${dir:?}/bin" "$dir/installed"
	mkdir "$dir/bin"
	for tool in sh cat dirname find env grep; do
		ln -s "$(command -v $tool)" "$dir/bin/$tool"
	done
	: >"$dir/installed"
	stand_in id "echo $2"
	stand_in sudo 'echo "sudo $*" >>"$FAKE/calls"; exec "$@"'
	stand_in apt-cache 'exit 0'
	stand_in dpkg-query 'for last; do :; done; grep -qx -e "$last" "$FAKE/installed" && echo installed'
	stand_in rpm 'grep -qx -e "$2" "$FAKE/installed"'
	stand_in pacman '[ "$1" = -Q ] && { grep -qx -e "$2" "$FAKE/installed"; exit; }
		echo "pacman $*" >>"$FAKE/calls"; for p; do echo "$p"; done >>"$FAKE/installed"'
	for manager in apt-get dnf; do
		stand_in $manager 'echo "${0##*/} $*" >>"$FAKE/calls"; for p; do echo "$p"; done >>"$FAKE/installed"'
	done
	for manager in apt-get dnf pacman; do
		[ "$manager" = "$1" ] || rm "$dir/bin/$manager"
	done
}

boot() { # expected status, arguments...
	status=$1
	shift
	: >"$dir/calls"
	(cd / && FAKE=$dir PATH=$dir/bin "$src/bootstrap" --no-build "$@") >"$dir/output" 2>&1 </dev/null
	got=$?
	[ "$got" = "$status" ]
	say $? "status $status of: bootstrap $*"
}

said() { # what, text
	grep -q -e "$2" "$dir/output"
	say $? "$1"
}

called() { # what, text
	grep -q -e "$2" "$dir/calls"
	say $? "$1"
}

not_called() { # what, text
	! grep -q -e "$2" "$dir/calls"
	say $? "$1"
}

machine apt-get 1000
boot 1
said 'names what is missing' '^  libuv1-dev$'
said 'stops where nobody can be asked' 'nobody to ask'
not_called 'installs nothing unasked' .
boot 0 --yes
called 'asks for root by sudo' '^sudo apt-get update'
called 'installs what building needs' 'install -y .*nettle-dev'
not_called 'leaves out what tests need' 'cmocka'
boot 0
said 'finds nothing missing the second time' 'All packages are there'
not_called 'then calls nobody' .
boot 0 --dev --yes
called 'adds what tests need' 'install .*libcmocka-dev'
called 'and node' ' nodejs '
not_called 'but nothing twice' 'nettle-dev'

machine apt-get 0
boot 0
called 'root is not asked' '^apt-get install'
not_called 'and needs no sudo' '^sudo'

machine apt-get 0
stand_in node :
boot 0 --dev
not_called 'a node that is there is kept' 'nodejs'
not_called 'and its npm as well' ' npm'

machine apt-get 0
echo libuv1-dev >"$dir/installed"
boot 0
not_called 'what is there is not installed again' 'libuv1-dev'

machine apt-get 1000
rm "$dir/bin/sudo"
boot 1 --yes
said 'no root and no sudo is said' 'no sudo'

machine dnf 0
boot 0 --yes
called 'dnf gets its own names' '^dnf install -y .*libuv-devel'
machine pacman 0
boot 0 --yes
called 'pacman gets its own names' '^pacman -S --needed --noconfirm .*libuv '
machine none 0
boot 0
said 'an unknown manager is said' 'No package manager'
boot 2 --nonsense

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
