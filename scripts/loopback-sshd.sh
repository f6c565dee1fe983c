# Sourced by lab-sshd and lab-wine: OpenSSH servers on the loopback, a port for each machine, with keys and settings of
# their own. Needs no rights.
#
# Wants $dir, the array pids, and a function force_command MACHINE that says what sshd runs for each command there;
# permit_tty=yes where a terminal may be asked for; SFTP_SERVER, and MAX_SESSIONS of all but
# the server, win over the usual.
# Gives $apexsh, $sftp, $dir/sshd/user (the key to log on with) and $dir/config/known_hosts and ssh_config.

# APEXSH, else the release build, else the debug build.
find_apexsh() {
  local built
  apexsh=${APEXSH:-}
  for built in .build-release/release/apexsh .build/debug/apexsh; do
    [ -n "$apexsh" ] || { [ ! -x "$built" ] || apexsh=$PWD/$built; }
  done
  [ -x "$apexsh" ] || { echo "${0##*/}: no apexsh; build it first: scripts/build" >&2; exit 69; }
}

find_ssh() {
  sshd=$(PATH="$PATH:/usr/sbin:/sbin" command -v sshd) || { echo "${0##*/}: no sshd; install openssh-server" >&2; exit 69; }
  sftp=${SFTP_SERVER:-}
  [ -z "$sftp" ] || return 0
  local place
  for place in /usr/lib/openssh/sftp-server /usr/libexec/openssh/sftp-server /usr/libexec/sftp-server /usr/lib/ssh/sftp-server; do
    [ ! -x "$place" ] || sftp=$place
  done
  [ -n "$sftp" ] || { echo "${0##*/}: no sftp-server; install openssh-sftp-server" >&2; exit 69; }
}

make_keys() {
  local key
  mkdir -p "$dir/config/contexts" "$dir/state" "$dir/sshd"
  # As root, sshd wants a folder for the part of it that has no rights.
  if [ "$(id -u)" -eq 0 ]; then mkdir -p /run/sshd && chmod 755 /run/sshd; fi
  for key in host user; do
    [ -f "$dir/sshd/$key" ] || ssh-keygen -q -t ed25519 -N '' -C "apexsh lab" -f "$dir/sshd/$key"
  done
  host_key=$(cut -d' ' -f1,2 "$dir/sshd/host.pub")
}

# Starts one sshd for the machines named, each on a port of its own; fails where a port was taken in between.
serve() {
  local number=$1 port machine ports=(); shift
  local base="$dir/sshd/$number"
  {
    cat <<END
HostKey $dir/sshd/host
PidFile none
AuthorizedKeysFile $dir/sshd/user.pub
StrictModes no
UsePAM no
UseDNS no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitTTY ${permit_tty:-no}
PermitUserRC no
AllowTcpForwarding no
MaxStartups 500:30:1000
# bash reads ~/.bashrc for commands by SSH, unless it is told that it stands inside another shell: that can take longer
# than all the rest.
SetEnv SHLVL=1
MaxSessions 64
Subsystem sftp internal-sftp
END
    for machine in "$@"; do
      port=$((20000 + RANDOM % 12000))
      while [[ " ${ports[*]} " == *" $port "* ]]; do port=$((20000 + RANDOM % 12000)); done
      ports+=("$port")
      echo "ListenAddress 127.0.0.1:$port"
    done
    for machine in "$@"; do
      echo "Match LocalPort ${ports[0]}"
      echo "  ForceCommand $(force_command "$machine")"
      [ "$machine" = apexone ] || echo "  MaxSessions ${MAX_SESSIONS:-64}"
      echo "$machine ${ports[0]}" >&3
      ports=("${ports[@]:1}")
    done
  } > "$base.conf" 3> "$base.ports"
  : > "$base.log"
  # Ends with this script, even where that is killed; not every system has setpriv.
  local with=(); ! command -v setpriv > /dev/null || with=(setpriv --pdeathsig TERM)
  "${with[@]}" "$sshd" -D -f "$base.conf" -E "$base.log" < /dev/null > /dev/null 2>&1 &
  local pid=$!
  for _ in {1..250}; do
    if [ "$(grep -c '^Server listening' "$base.log")" -eq $# ]; then pids+=("$pid"); return 0; fi
    if grep -q 'Bind to port' "$base.log" || ! kill -0 "$pid" 2>/dev/null; then break; fi
    sleep 0.02
  done
  kill "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  return 1
}

serve_machines() {
  local machines=("$@") first tries machine port name
  : > "$dir/config/known_hosts"; : > "$dir/config/ssh_config"
  # An sshd takes 16 sockets.
  for ((first = 0; first < ${#machines[@]}; first += 16)); do
    tries=0
    until serve "$first" "${machines[@]:first:16}"; do
      tries=$((tries + 1))
      [ "$tries" -lt 10 ] || { echo "${0##*/}: sshd does not start:" >&2; cat "$dir/sshd/$first.log" >&2; exit 69; }
    done
    while read -r machine port; do
      name=$(tr '[:upper:]' '[:lower:]' <<< "$machine").contoso.local
      echo "$name $host_key" >> "$dir/config/known_hosts"
      printf 'Host %s\n  HostName 127.0.0.1\n  Port %s\n  HostKeyAlias %s\n' "$machine.contoso.local" "$port" "$name"
    done < "$dir/sshd/$first.ports" >> "$dir/config/ssh_config"
  done
  # Whoever is switched off: nothing listens on port 1.
  printf 'Host *.contoso.local\n  HostName 127.0.0.1\n  Port 1\nHost *\n  IdentitiesOnly yes\n' >> "$dir/config/ssh_config"
}

# A saved context with everything that apexsh needs to work there: save_context NAME UNLOAD-PASSWORD-FILE
save_context() {
  cat > "$dir/config/contexts/$1.apx" <<END
set server 'ssh://$(id -un)@apexone.contoso.local/C:/Program Files (x86)/Trend Micro/Apex One/PCCSRV'
set transport ssh://{agent}.contoso.local
set user $(id -un)
set identity-file '$dir/sshd/user'
set unload-password --from-file '$2'
END
}
