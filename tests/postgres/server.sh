# Runs PostgreSQL in a folder of its own, reached by a socket there, until standard input ends: `sh -c THIS sh BIN`.
# Says the folder's name when it answers. What it holds is thrown away, so it never waits for the disk.
set -eu
folder=$(mktemp -d)
server=
stop() {
    trap - EXIT INT TERM
    [ -z "$server" ] || { kill -QUIT "$server" 2>&- || true; wait "$server" || true; }
    rm -rf "$folder"
}
trap stop EXIT INT TERM
"$1/initdb" -D "$folder/data" -U evolume -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/log" 2>&1 || {
    cat "$folder/log" >&2
    exit 1
}
"$1/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c fsync=off -c max_connections=300 \
    >>"$folder/log" 2>&1 &
server=$!
until "$1/pg_isready" -q -h "$folder"; do
    kill -0 "$server" || { cat "$folder/log" >&2; exit 1; }
done
echo "$folder"
read -r _ || true
