#!/usr/bin/env python3
"""What LWK and libwally read in PSETs of ours, and LWK's signatures of one key.

Run by `cargo test --test node peers`: python3 signing.py < JOBS. JOBS is a JSON object with `genesis_hash`, `policy_asset`,
`descriptor`, the `mnemonic` that signs, and a list `jobs` of objects with `unsigned` and `blinded`, PSETs in base64. Writes a
list with what was read of each, and the PSET with LWK's signatures. It needs the packages `lwk` and `wallycore` of PyPI, which
nothing else of Coldamp does.
"""

import json
import sys

import lwk
import wallycore as wally

BLINDED = {
    wally.WALLY_PSET_BLINDED_NONE: "explicit",
    wally.WALLY_PSET_BLINDED_REQUIRED: "to blind",
    wally.WALLY_PSET_BLINDED_PARTIAL: "partial",
    wally.WALLY_PSET_BLINDED_FULL: "blinded",
}


def reversed_hex(data):
    """An id as nodes print it."""
    return bytes(data)[::-1].hex()


def read_by_wally(text):
    """The outputs as libwally reads them. It verifies the explicit proofs of a blinded output."""
    pset = wally.psbt_from_base64(text, wally.WALLY_PSBT_PARSE_FLAG_STRICT)
    outputs = []
    for index in range(wally.psbt_get_num_outputs(pset)):
        amount, asset = wally.psbt_get_output_amount(pset, index), wally.psbt_get_output_asset(pset, index)
        status = BLINDED[wally.psbt_get_output_blinding_status(pset, index, 0)]
        if status == "blinded":
            generator = wally.psbt_get_output_asset_commitment(pset, index)
            commitment = wally.psbt_get_output_value_commitment(pset, index)
            proof = wally.psbt_get_output_value_blinding_rangeproof(pset, index)
            wally.explicit_rangeproof_verify(proof, amount, commitment, generator)
            proof = wally.psbt_get_output_asset_blinding_surjectionproof(pset, index)
            wally.explicit_surjectionproof_verify(proof, asset, generator)
        script = bytes(wally.psbt_get_output_script(pset, index)).hex()
        outputs.append({"amount": amount, "asset": reversed_hex(asset), "script": script, "status": status})
    # What libwally writes again is what another wallet built on it would pass on.
    again = wally.psbt_from_base64(wally.psbt_to_base64(pset, 0), wally.WALLY_PSBT_PARSE_FLAG_STRICT)
    assert wally.psbt_to_base64(again, 0) == wally.psbt_to_base64(pset, 0)
    return outputs


def read_by_lwk(text):
    """The outputs as LWK reads them."""
    outputs = lwk.Pset(text).outputs()
    return [{"amount": each.amount(), "asset": str(each.asset()), "script": str(each.script_pubkey())} for each in outputs]


def details_by_lwk(wallet, text):
    """What LWK tells the person who signs: the fee, and whom it pays. It verifies the explicit proofs of the treasury's outputs."""
    balance = wallet.pset_details(lwk.Pset(text)).balance()
    recipients = [
        {"vout": each.vout(), "amount": each.value(), "asset": str(each.asset())} for each in balance.recipients()
    ]
    return {"fee": balance.fee(), "recipients": recipients}


def main():
    """Reads and signs."""
    given = json.load(sys.stdin)
    builder = lwk.CustomElementsNetworkBuilder()
    builder.with_genesis_hash(given["genesis_hash"])
    builder.with_policy_asset(given["policy_asset"])
    network = builder.build()
    wallet = lwk.Wollet(network, lwk.WolletDescriptor(given["descriptor"]), datadir=None)
    signer = lwk.Signer(lwk.Mnemonic(given["mnemonic"]), network)
    results = []
    for job in given["jobs"]:
        results.append(
            {
                "wally": {name: read_by_wally(job[name]) for name in ("unsigned", "blinded")},
                "lwk": {name: read_by_lwk(job[name]) for name in ("unsigned", "blinded")},
                "details": details_by_lwk(wallet, job["blinded"]),
                "signed": str(signer.sign(lwk.Pset(job["blinded"]))),
            }
        )
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
