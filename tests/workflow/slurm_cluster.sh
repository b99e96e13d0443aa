#!/usr/bin/env bash
# Usage: slurm_cluster.sh start|stop FOLDER. A private Slurm of one node in FOLDER: its own munge key and socket, its own
# ports, nothing of the machine's configuration. After start, SLURM_CONF=FOLDER/slurm.conf makes sbatch and its kin talk
# to it. start exits with 69 and one line that says why where there is no Slurm or it does not come up.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
action=${1:-} folder=${2:-}
[[ $action == start || $action == stop ]] && [[ -n $folder ]] \
    || { echo "usage: slurm_cluster.sh start|stop FOLDER" >&2; exit 64; }
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
export SLURM_CONF=$folder/slurm.conf

# The daemons in the order in which they are to end: those that need another go first.
stop() {
    [[ ! -e $folder/slurmctld.pid ]] || timeout 10 scancel --user="$(id -un)" > /dev/null 2>&1 || true
    local daemon pid
    for daemon in slurmd slurmctld munged; do
        [[ -s $folder/$daemon.pid ]] || continue
        pid=$(< "$folder/$daemon.pid")
        kill "$pid" 2> /dev/null || true
        for _ in {1..100}; do kill -0 "$pid" 2> /dev/null || break; sleep 0.1; done
        kill -KILL "$pid" 2> /dev/null || true
        rm -f "$folder/$daemon.pid"
    done
}

give_up() {
    echo "$*"
    tail -n 3 "$folder"/*.log >&2 2> /dev/null || true
    stop
    exit 69
}

free_port() {
    local port
    while port=$((20000 + RANDOM % 12000)); (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do :; done
    echo "$port"
}

# daemon NAME ARGUMENT...: in the background, away from the caller's terminal, output and signals.
daemon() {
    local name=$1
    setsid "$@" > "$folder/$name.out" 2>&1 < /dev/null &
    echo $! > "$folder/$name.pid"
}

# until_true SECONDS COMMAND...
until_true() {
    local left=$(($1 * 10))
    shift
    until "$@" > /dev/null 2>&1; do
        ((left-- > 0)) || return 1
        sleep 0.1
    done
}

write_configuration() {
    local user host
    user=$(id -un) host=$(hostname -s)
    mkdir -p "$folder/state" "$folder/spool"
    cat > "$SLURM_CONF" <<CONF
ClusterName=tare
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.own.pid
SlurmdPidFile=$folder/slurmd.own.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1,batch_sched_delay=0,defer_batch
SlurmdParameters=config_overrides
ReturnToService=2
MinJobAge=300
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=10 State=UP
CONF
    echo 'CgroupAutomount=no' > "$folder/cgroup.conf"
}

start() {
    local program
    for program in munged slurmctld slurmd sbatch sinfo; do
        command -v "$program" > /dev/null || { echo "$program is not installed"; exit 69; }
    done
    chmod 755 "$folder"
    (umask 077 && head -c 1024 /dev/urandom > "$folder/munge.key")
    daemon munged --foreground --key-file="$folder/munge.key" --socket="$folder/munge.socket" \
        --pid-file="$folder/munged.own.pid" --log-file="$folder/munged.log" --seed-file="$folder/munge.seed"
    until_true 10 munge --socket="$folder/munge.socket" --no-input || give_up "munged does not start"

    write_configuration
    daemon slurmctld -D -f "$SLURM_CONF"
    until_true 15 scontrol ping || give_up "slurmctld does not start"
    daemon slurmd -D -f "$SLURM_CONF" -N "$(hostname -s)"
    until_true 20 node_is_idle || give_up "slurmd does not register with slurmctld"
}

node_is_idle() { [[ $(sinfo --noheader --format=%T) == idle ]]; }

"$action"
