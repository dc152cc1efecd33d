#!/usr/bin/env python3
"""How long LWK and an Elements node take to build and blind the recorded distribution to 80 recipients.

Run by `cargo xtask bench peers`, which holds both against Coldamp: python3 blinding.py SCENARIO. It needs the package `lwk` of
PyPI, and an elementsd 23.3.3 that ELEMENTSD_EXEC names. Without one of them its part is skipped. Writes one JSON object:
milliseconds, or why a part was skipped.
"""

import base64
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

TIMES = 5

# Weight units of a signature and a key.
SINGLE_KEY_WITNESS = 108


def median(run):
    """The median of some runs, in milliseconds."""
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)[TIMES // 2]


def base_units(amount):
    """An amount of the request in 10^-8."""
    return round(float(amount) * 100_000_000)


class Recording:
    """The recorded treasury, with AMP's request."""

    def __init__(self, folder):
        read = lambda name: json.loads((pathlib.Path(folder) / name).read_text())
        self.wallet = read("wallet.json")
        self.info = read("chain/info.json")
        self.blocks = read("chain/blocks.json")
        self.unspent = read("chain/listunspent.json")
        self.transactions = read("chain/transactions.json")
        request = read("requests/distribute.json")
        self.asset = request["asset_id"]
        self.paid = request["map_address_amount"]


def lwk_finish(recording, lwk):
    """LWK's TxBuilder.finish, which plans, builds and blinds."""
    builder = lwk.CustomElementsNetworkBuilder()
    builder.with_genesis_hash(recording.info["genesis_hash"])
    builder.with_policy_asset(recording.info["policy_asset"])
    network = builder.build()
    descriptor = lwk.WolletDescriptor(recording.wallet["ct_descriptor"])
    wallet = lwk.Wollet(network, descriptor, datadir=None)
    # The wallet has scanned no chain, so its coins are given to it with their openings.
    transactions = {row["txid"]: lwk.Transaction.from_string(row["hex"]) for row in recording.transactions}
    coins = []
    for row in recording.unspent:
        if row["asset"] not in (recording.asset, recording.info["policy_asset"]):
            continue
        output = transactions[row["txid"]].outputs()[row["vout"]]
        secrets = output.unblind(descriptor.derive_blinding_key(output.script_pubkey()))
        coins.append(lwk.ExternalUtxo(row["vout"], transactions[row["txid"]], secrets, SINGLE_KEY_WITNESS, True))

    def finish():
        transaction = network.tx_builder()
        transaction.add_external_utxos(coins)
        for address, amount in recording.paid.items():
            transaction.add_recipient(lwk.Address(address), base_units(amount), recording.asset)
        transaction.finish(wallet)

    return median(finish)


class Node:
    """An elementsd of its own, which is killed at the end."""

    def __init__(self, binary, folder, time_of_tip):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        # The chain of the recordings, as in tests/src/node/process.rs.
        chain = ["-chain=liquidregtest", "-initialfreecoins=2100000000", "-validatepegin=0", "-txindex=1"]
        alone = ["-listen=0", "-connect=0", "-dnsseed=0", "-fixedseeds=0", "-server=1", "-printtoconsole=0"]
        own = [f"-datadir={folder}", f"-rpcport={self.port}", "-rpcbind=127.0.0.1", "-rpcallowip=127.0.0.1"]
        self.cookie = pathlib.Path(folder) / "liquidregtest/.cookie"
        # The tip's time, so that the wallet does not take its chain for an old one.
        own.append(f"-mocktime={time_of_tip}")
        self.child = subprocess.Popen([binary, *chain, *alone, *own], stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                self.call("", "getblockcount")
                return
            except (OSError, RuntimeError):
                time.sleep(0.05)
        raise RuntimeError("the node does not answer")

    def call(self, wallet, method, *parameters):
        """Calls a method, of a wallet if one is named."""
        body = json.dumps({"method": method, "params": parameters, "id": 0}).encode()
        path = f"/wallet/{wallet}" if wallet else "/"
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body)
        key = base64.b64encode(self.cookie.read_bytes()).decode()
        request.add_header("Authorization", f"Basic {key}")
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)["result"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method}: {error.read().decode()}") from error


def node_sendmany(recording, binary):
    """The node's sendmany, which plans, builds, blinds, signs and commits. Each time on a node of its own."""

    def once():
        with tempfile.TemporaryDirectory() as folder:
            # The time in a block's header is behind the version and two hashes, least byte first.
            time_of_tip = int.from_bytes(bytes.fromhex(recording.blocks[-1])[68:72], "little")
            node = Node(binary, folder, time_of_tip)
            try:
                for block in recording.blocks:
                    node.call("", "submitblock", block)
                node.call("", "createwallet", "treasury", False, True, "", False, True)
                node.call("treasury", "importmasterblindingkey", recording.wallet["slip77_master_blinding_key"])
                imports = []
                for descriptor in recording.wallet["node_descriptors_private"]:
                    checksum = node.call("", "getdescriptorinfo", descriptor)["checksum"]
                    imports.append({"desc": f"{descriptor}#{checksum}", "range": [0, 100], "timestamp": 0})
                # Change comes from the second branch.
                imports[1].update(internal=True, active=True)
                imports[0].update(active=True)
                node.call("treasury", "importdescriptors", imports)
                assets = {address: recording.asset for address in recording.paid}
                start = time.perf_counter()
                node.call("treasury", "sendmany", "", recording.paid, 1, "", [], True, None, "UNSET", assets)
                return (time.perf_counter() - start) * 1000
            finally:
                node.child.kill()
                node.child.wait()

    return sorted(once() for _ in range(TIMES))[TIMES // 2]


def main():
    """Writes what was measured."""
    recording = Recording(sys.argv[1])
    try:
        import lwk

        lwk_result = lwk_finish(recording, lwk)
    except ImportError:
        lwk_result = "the Python package lwk is not installed"
    binary = os.environ.get("ELEMENTSD_EXEC")
    node_result = node_sendmany(recording, binary) if binary else "ELEMENTSD_EXEC names no elementsd"
    print(json.dumps({"lwk": lwk_result, "node": node_result}))


if __name__ == "__main__":
    main()
