#!/bin/bash
# A Slurm of one node on this machine, with all of its files in a folder: cluster.sh FOLDER PORT PORT, as root.
# Says "ready" when it takes jobs, and ends with its standard input.
folder=$1
host=$(hostname -s)
export SLURM_CONF=$folder/slurm.conf
PATH=$PATH:/usr/sbin
mkdir -p "$folder"/{state,spool,munge}
chmod 711 "$folder" "$folder/munge"
head -c 128 /dev/urandom > "$folder/munge/key"
chmod 400 "$folder/munge/key"
# A requeued job waits as long as credentials are valid, so that is short. The node may have fewer processors than it says.
cat > "$SLURM_CONF" <<CONF
ClusterName=textgan
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$2
SlurmdPort=$3
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket,cred_expire=5
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
MailProg=/bin/true
MpiDefault=none
SwitchType=switch/none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
exec 2> "$folder/daemons.log"
munged --foreground --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" --pid-file="$folder/munge/pid" \
    --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" > /dev/null < /dev/null &
munged=$!
for _ in {1..50}; do [ -S "$folder/munge/socket" ] && break; sleep 0.1; done
slurmctld -D -c > /dev/null < /dev/null &
slurmctld=$!
slurmd -D -N "$host" > /dev/null < /dev/null &
slurmd=$!
for _ in {1..100}; do [ "$(sinfo --noheader --format=%t)" = idle ] && echo ready && break; sleep 0.2; done
cat > /dev/null # until the test ends
scancel --user=root
for _ in {1..50}; do [ -z "$(squeue --noheader)" ] && break; sleep 0.2; done
kill "$slurmd" "$slurmctld" "$munged"
wait
