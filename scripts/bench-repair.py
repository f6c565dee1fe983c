"""The measuring part of scripts/bench-repair: each tool repairs the same number of endpoints, one after the other."""

import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

apexsh, scratch, tools, parallel, peers, *machines = sys.argv[1:]
is_worker = tools == "masters"
parallel, count = int(parallel), len(machines)
lab, plain = scratch + "/lab", scratch + "/plain"
hosts = [name + ".contoso.local" for name in machines]
load = scratch + "/load"
remote = scratch + "/there"
options = ["-F", plain + "/config/ssh_config", "-i", plain + "/sshd/user", "-o",
           f"UserKnownHostsFile={plain}/config/known_hosts", "-o", "BatchMode=yes"]
measures = []


def measure(name, arguments, **more):
    """Wall time, and the CPU time of the tool with everything that it started and waited for."""
    begin = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                               env={**os.environ, **more.pop("env", {})})
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    if os.waitstatus_to_exitcode(status) != 0: sys.exit(f"{name}: {said[-2000:]}")
    figures = {"bench": f"{count} endpoints repaired over sshd", "tool": name, "at_a_time": parallel,
               "seconds": round(seconds, 2), "per_s": round(count / seconds, 1),
               "client_cpu_ms_per_endpoint": round((usage.ru_utime + usage.ru_stime) * 1e3 / count, 1),
               "largest_process_mb": round(usage.ru_maxrss / 1024), **more, "load": round(os.getloadavg()[0], 1)}
    measures.append(figures)
    print(json.dumps(figures), flush=True)


def repair_by_apexsh():
    command = [apexsh, "lab-hurry", "1000", "--config-dir", lab + "/config", "--state-dir", lab + "/state", "--context",
               "ssh-lab"]
    subprocess.run([*command, "list-mismatched"], check=True, capture_output=True)
    idle = subprocess.Popen([*command, "list", "runs"], stdout=subprocess.DEVNULL)
    _, _, usage = os.wait4(idle.pid, 0)
    limits = [f"--timeout-{name}=86400" for name in ["connect", "copy", "execute", "settle"]]
    measure("apexsh", [*command, "transfer", "@mismatched", "--confirm", str(count), "--waves", "100%", "--parallel",
                       str(parallel), "--format", "tsv", *limits], process_mb_before=round(usage.ru_maxrss / 1024))


def repair_with_masters():
    """What a careful script does: a master a host, everything over it."""
    measure("ssh and sftp with masters", [sys.executable, __file__, apexsh, scratch, "masters", str(parallel), peers, *machines])


def masters():
    def repair(host):
        control = ["-o", f"ControlPath={scratch}/m-{host.split('.')[0]}"]
        ssh = ["ssh", *options, *control, host]
        master = subprocess.Popen(["ssh", *options, *control, "-o", "ControlMaster=yes", "-N", host],
                                  stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        socket = pathlib.Path(control[1].split("=")[1])
        while not socket.exists():
            assert master.poll() is None, host
            time.sleep(0.002)
        folder = f"{remote}/{host}"
        batch = f"mkdir {folder}\nput -r {load} {folder}\n"
        subprocess.run(["sftp", "-q", "-b", "-", *options, *control, host], input=batch.encode(), check=True,
                       stdout=subprocess.DEVNULL)
        for line in ["true", f"ls -l {folder}/load", f"ls -l {folder}/load", f"rm -rf {folder}"]:
            subprocess.run([*ssh, line], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        subprocess.run([*ssh[:-1], "-O", "exit", host], check=True, stderr=subprocess.DEVNULL)
        master.wait()

    with concurrent.futures.ThreadPoolExecutor(parallel) as pool:
        for _ in pool.map(repair, hosts): pass


def repair_by_clush():
    clush = [peers + "/clush", "-q", "-f", str(parallel), "-o", " ".join(options), "-w", ",".join(hosts)]
    folder = remote + "/%h"
    steps = [[*clush, f"mkdir {folder}"], [*clush, "--copy", load, "--dest", folder], [*clush, "true"],
             [*clush, f"ls -l {folder}"], [*clush, f"ls -l {folder}"], [*clush, f"rm -rf {folder}"]]
    measure("clush with scp", [sys.executable, "-c", RUN, json.dumps(steps)])


# Steps one after the other, in one process whose children count.
RUN = """
import json, subprocess, sys
for step in json.loads(sys.argv[1]):
    done = subprocess.run(step, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode: sys.exit(f"{step}: {done.returncode}: {done.stdout[-1500:]}")
"""


def repair_by_ansible():
    inventory = scratch + "/inventory"
    pathlib.Path(inventory).write_text("".join(f"{host}\n" for host in hosts))
    arguments = " ".join(options)
    config = scratch + "/ansible.cfg"
    pathlib.Path(config).write_text(f"""[defaults]
forks = {parallel}
host_key_checking = True
interpreter_python = {sys.executable}
local_tmp = {scratch}/ansible-local
remote_tmp = {scratch}/ansible-remote
[ssh_connection]
ssh_args = {arguments} -o ControlMaster=auto -o ControlPersist=60s
control_path_dir = {scratch}/cp
pipelining = True
""")
    ansible = [peers + "/ansible", "all", "-i", inventory]
    folder = remote + "/{{ inventory_hostname }}"
    steps = [[*ansible, "-m", "raw", "-a", f"mkdir {folder}"],
             [*ansible, "-m", "copy", "-a", f"src={load} dest={folder}/"], [*ansible, "-m", "raw", "-a", "true"],
             [*ansible, "-m", "raw", "-a", f"ls -l {folder}/load"], [*ansible, "-m", "raw", "-a", f"ls -l {folder}/load"],
             [*ansible, "-m", "raw", "-a", f"rm -rf {folder}"]]
    measure("Ansible, raw and copy", [sys.executable, "-c", RUN, json.dumps(steps)],
            env={"ANSIBLE_CONFIG": config, "ANSIBLE_HOME": scratch + "/ansible-home", "LC_ALL": "C.UTF-8"})


def summary():
    rate = {figures["tool"]: figures["per_s"] for figures in measures}
    # A tool's own work, which is what is left where the endpoints are machines of their own.
    work = {figures["tool"]: figures["client_cpu_ms_per_endpoint"] for figures in measures}
    own, own_work = rate.pop("apexsh"), work.pop("apexsh")
    best, ansible = max(rate, key=rate.get), "Ansible, raw and copy"
    print(json.dumps({"bench": "repair over sshd, ratios", "best_peer": best, "to_best_peer": round(own / rate[best], 2),
                      "to_ansible": round(own / rate[ansible], 1), "goal": "2 and 10",
                      "client_cpu_to_best_peer": round(work[best] / own_work, 2),
                      "client_cpu_to_ansible": round(work[ansible] / own_work, 1)}), flush=True)


if is_worker:
    masters()
else:
    # What the lab's endpoints get too: the tools, and the certificate.
    shutil.copytree(tools, load)
    pathlib.Path(load, "OfcNTCer.dat").write_bytes(os.urandom(1200))
    os.mkdir(remote)
    repair_by_apexsh()
    repair_with_masters()
    repair_by_clush()
    repair_by_ansible()
    summary()
