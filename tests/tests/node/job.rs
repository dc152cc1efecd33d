//! A job carried through core, ready to be shown to a node.

use std::sync::LazyLock;

use coldamp_core::elements::{Transaction, TxOut, encode};
use coldamp_tests::node::Wallet;
use coldamp_tests::{Job, Ordered, RequestKind, Scenario, Treasury};
use serde_json::json;

/// A prepared and signed job.
pub(crate) struct Signed {
    /// Scenario and job.
    pub(crate) name: String,
    pub(crate) scenario: Scenario,
    pub(crate) kind: RequestKind,
    /// As the file holds it.
    pub(crate) pset: String,
    /// The signed file.
    pub(crate) file: Ordered,
    pub(crate) transaction: Transaction,
    /// What its inputs spend.
    pub(crate) spent: Vec<TxOut>,
    /// The outputs that are the treasury's, as the review finds them.
    pub(crate) own: Vec<usize>,
}

/// Every job of every scenario.
pub(crate) static ALL: LazyLock<Vec<Signed>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for scenario in Scenario::all() {
        let treasury = Treasury::of(&scenario);
        for kind in RequestKind::ALL {
            all.push(Signed::of(&treasury.job(&scenario, kind), &scenario, kind));
        }
    }
    all
});

/// Every job of one scenario.
pub(crate) fn of_scenario(scenario: &Scenario) -> impl Iterator<Item = &'static Signed> {
    let name = scenario.name();
    ALL.iter().filter(move |signed| signed.scenario.name() == name)
}

/// One job of every scenario.
pub(crate) fn of_kind(kind: RequestKind) -> impl Iterator<Item = &'static Signed> {
    ALL.iter().filter(move |signed| signed.kind == kind)
}

impl Signed {
    /// Carries a job through.
    pub(crate) fn of(job: &Job<'_>, scenario: &Scenario, kind: RequestKind) -> Self {
        let pset = job.prepare().pset;
        let effects = job.review(pset.as_bytes()).effects().clone();
        let file = Ordered::parse(&job.sign(pset.as_bytes()).to_json().unwrap());
        let bytes = coldamp_core::elements::hex::decode_to_vec(file.get("transaction").text()).unwrap();
        let outputs = effects.outputs.iter().enumerate();
        Signed {
            name: format!("{} {}", scenario.name(), kind.name()),
            scenario: scenario.clone(),
            kind,
            pset,
            file,
            transaction: encode::deserialize(&bytes).unwrap(),
            spent: effects.inputs.into_iter().map(|input| input.spent.unwrap()).collect(),
            own: outputs.filter(|(_, output)| output.own.is_some()).map(|(vout, _)| vout).collect(),
        }
    }

    pub(crate) fn txid(&self) -> &str {
        self.file.get("txid").text()
    }

    /// The transaction as `sendrawtransaction` takes it.
    pub(crate) fn hex(&self) -> &str {
        self.file.get("transaction").text()
    }

    pub(crate) fn payload(&self) -> &Ordered {
        self.file.get("amp").get("payload")
    }

    /// The report's rows of `gettransaction`: of a distribution or a reissue.
    pub(crate) fn details(&self) -> &Ordered {
        let payload = self.payload();
        payload.find("details").unwrap_or_else(|| payload.get("tx_data").get("details"))
    }

    /// The fee in satoshi.
    pub(crate) fn fee(&self) -> u64 {
        let fee = self.transaction.output.last().unwrap();
        assert!(fee.is_fee(), "{}", self.name);
        fee.value.explicit().unwrap()
    }
}

/// A count or an index of a row.
pub(crate) fn number(value: &Ordered) -> usize {
    match value {
        Ordered::Other(text) => text.parse().unwrap(),
        other => panic!("no number: {other:?}"),
    }
}

/// Our PSET as the node's hot wallet blinds and signs it, by ALL.
pub(crate) fn signed_by_the_node(hot: &Wallet<'_>, pset: &str) -> String {
    let processed = hot.call("walletprocesspsbt", json!([pset, true, "ALL"]));
    assert_eq!(processed.get("complete"), &yes());
    let finalized = hot.call("finalizepsbt", json!([processed.get("psbt").text()]));
    finalized.get("hex").text().to_owned()
}

/// The node's `true`.
pub(crate) fn yes() -> Ordered {
    Ordered::Other("true".to_owned())
}
