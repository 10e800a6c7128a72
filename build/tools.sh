# What ./gnomon and ./test need of the machine, and how to get it. Sourced by both.

minimum_sdk=10

# Sets $dotnet to the first usable SDK, or says in one message how to get one.
find_dotnet() {
  for dotnet in "${DOTNET_ROOT:+$DOTNET_ROOT/dotnet}" "$(command -v dotnet || true)" "$HOME/.dotnet/dotnet" /usr/share/dotnet/dotnet /usr/local/share/dotnet/dotnet; do
    if [ -x "$dotnet" ] && "$dotnet" --list-sdks | grep -qE "^($minimum_sdk|1[1-9])\."; then
      return
    fi
  done
  echo "gnomon: the .NET $minimum_sdk SDK is missing. Get it from https://dotnet.microsoft.com/download/dotnet/$minimum_sdk.0 and run this again." >&2
  exit 2
}

# npm is needed once, for the native engine and the chart library.
need_npm() {
  if [ ! -d "$root/node_modules" ] && ! command -v npm >/dev/null; then
    echo "gnomon: npm is missing; it fetches the native engine once. Get it with Node.js from https://nodejs.org (or: apt-get install npm) and run this again." >&2
    exit 2
  fi
}

runtime_id() {
  local system machine
  case $(uname -s) in Linux) system=linux ;; Darwin) system=osx ;; *) system=win ;; esac
  case $(uname -m) in x86_64 | amd64) machine=x64 ;; aarch64 | arm64) machine=arm64 ;; *) machine=$(uname -m) ;; esac
  echo "$system-$machine"
}

resolve() {
  local path=$1
  while [ -L "$path" ]; do
    case $(readlink "$path") in /*) path=$(readlink "$path") ;; *) path=$(dirname "$path")/$(readlink "$path") ;; esac
  done
  echo "$path"
}

# One builder at a time; a lock whose owner is gone is taken over.
lock() {
  held=$1
  mkdir -p "$(dirname "$held")"
  until mkdir "$held" 2>/dev/null; do
    owner=$(cat "$held/pid" 2>/dev/null || true)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
      rm -rf "$held"
    else
      sleep 0.2
    fi
  done
  echo $$ >"$held/pid"
  trap unlock EXIT
}

unlock() {
  [ -z "${held:-}" ] || rm -rf "$held"
  held=
}
