// The review as the page gets it: the document that core/src/sign/review/document.rs writes. docs/formats.md describes
// each field. Rust embeds this file in the types that `cargo xtask web` makes.

export interface Money { base_units: string; whole_units: string | null }
export type AssetKind = "policy" | "asset" | "token" | "other";
export type Role =
    | "recipient" | "reissued" | "token back" | "burn" | "asset change" | "L-BTC change" | "fee" | "UNEXPLAINED";

export interface ReviewDocument {
    format: "coldamp.review/2";
    network: string;
    treasury: string | null;
    spends_own_coins: boolean;
    policy_asset: string;
    command: "distribute" | "reissue" | "burn" | null;
    total: Money | null;
    listed: number | null;
    asset: string | null;
    contract: { ticker: string | null; precision: number; domain: string; name: string } | null;
    entropy_proven: boolean;
    token: string | null;
    asset_uuid: string | null;
    distribution_uuid: string | null;
    report_to: string | null;
    request_sha256: string | null;
    policy: PolicyDocument | null;
    warnings: Failure[];
    warning_counts: { code: string; count: number }[];
    outputs: OutputDocument[];
    inputs: InputDocument[];
    fee: Money | null;
    fee_rate_discounted: number | null;
    weight_bound: number;
    discounted_weight_bound: number;
    replaces: { signing: EarlierSigning; shared_coins: string[] }[];
    after: EarlierSigning[];
    open: EarlierSigning[];
    twins: string[];
    needs_only_twins: boolean;
    mismatches: Failure[];
    failed: number;
    approval: string | null;
    signed_agrees: boolean | null;
}

export interface PolicyDocument {
    entry: number;
    counted_since: number;
    approvers: number;
    signings_used: number;
    signings_with_this: number;
    signings_limit: number | null;
    amount_used: Money;
    amount_with_this: Money;
    amount_limit: Money | null;
}

export interface OutputDocument {
    recipient: number | null;
    role: Role;
    asset: string;
    asset_kind: AssetKind;
    amount: Money;
    address: string | null;
    script_pubkey: string;
    path: string | null;
    blinded: boolean;
    index: number;
}

export interface InputDocument {
    outpoint: string;
    path: string | null;
    asset: string | null;
    asset_kind: AssetKind | null;
    amount: Money | null;
    blinded: boolean;
    opening_used: boolean;
    issues: { asset: string | null; amount: Money; blinded: boolean } | null;
}

export interface EarlierSigning {
    entry: number;
    command: "distribute" | "reissue" | "burn";
    distribution_uuid: string | null;
    txid: string;
    asset: string;
    asset_kind: AssetKind;
    amount: Money;
    fee: Money;
}
