"""Fact files with a wrong value, key or number, each made from a whole delivery; and what has to be answered."""

from __future__ import annotations

from hostile_corpus import FINE, RISK, TOML_RISK, UNSAID, swapped, whole, written

TYPES = {
    "a truth value for a text": swapped("yaml", "owner: Ana Lopez, head of consumer credit", "owner: ¦true", "wrong-type"),
    "a list for a text": swapped(
        "yaml", "orchestrator: Airflow, DAG credit_default_train", "¦orchestrator: [Airflow]", "wrong-type"
    ),
    "a mapping for a text": swapped("yaml", "orchestrator: Airflow, DAG", "¦orchestrator: {a: 1} #", "wrong-type"),
    "a text for a whole number": swapped("yaml", "max_reruns: 2", "max_reruns: ¦two", "wrong-type"),
    "a number in quotes": swapped("yaml", "max_reruns: 2", 'max_reruns: ¦"2"', "wrong-type"),
    "a half for a whole number": swapped("yaml", "max_reruns: 2", "max_reruns: ¦2.5", "wrong-type"),
    "a number below its least": swapped("yaml", "max_reruns: 2", "max_reruns: ¦-1", "wrong-value"),
    "a share above all": swapped("yaml", "traffic: 1%", "traffic: ¦101%", "wrong-value"),
    "a share without its sign": swapped("yaml", "traffic: 1%", "traffic: ¦5", "wrong-value"),
    "a day that no calendar has": swapped("yaml", "rehearsed: 2026-09-15", "rehearsed: ¦2026-02-30", "wrong-value"),
    "a day as in another country": swapped("yaml", "rehearsed: 2026-09-15", "rehearsed: ¦15.09.2026", "wrong-value"),
    "a duration without a unit": swapped("yaml", "retention: 10 years", "retention: ¦10", "wrong-value"),
    "a duration in words": swapped("yaml", "retention: 10 years", "retention: ¦as long as needed", "wrong-value"),
    "a choice that is none": swapped("yaml", "impact: high", "impact: ¦medium", "wrong-choice"),
    "a choice in capitals": swapped("yaml", "impact: high", "impact: ¦HIGH", "wrong-choice"),
    "a choice with letters of another script": swapped("yaml", "impact: high", "impact: ¦hіgh", "wrong-choice"),
    "a choice with an invisible letter": swapped("yaml", "impact: high", "impact: ¦hi\u200bgh", "wrong-choice"),
    "a choice with a byte order mark": swapped("json", RISK, '"impact": ¦"\ufeffhigh"', "wrong-choice"),
    "one wrong choice among right ones": swapped(
        "yaml", "factors: [credit, rights]", "factors: [credit, ¦right]", "wrong-choice"
    ),
    "a list of a list": swapped("yaml", "factors: [credit, rights]", "factors: [¦[credit, rights]]", "wrong-type"),
    "a truth value in a list": swapped("yaml", "factors: [credit, rights]", "factors: [credit, ¦false]", "wrong-type"),
    "a text for a group of facts": swapped("yaml", "  audit:\n    owner", "  ¦audit: quarterly\n  aud:\n    owner", "wrong-type"),
    "a text for records": written("json", '{"lineage": {¦"datasets": "warehouse"}}', "wrong-type"),
    "a number among records": written("json", '{"lineage": {"datasets": [{"name": "a"}, ¦5]}}', "wrong-type"),
    "a list for the whole file": written("json", "¦[1, 2]", "wrong-type"),
    "a text for the whole file": written("json", '¦"delivery"', "wrong-type"),
    "a number for the whole file": written("yaml", "¦42\n", "wrong-type"),
    "a reference to nothing": swapped("yaml", "      action: [investigate]", "      action: [¦investigating]", "bad-reference"),
    "an assumption of a stated fact": written(
        "yaml",
        whole("yaml") + "assumptions:\n  - {fact: ¦operations.runbook, value: a, reason: b, owner: c}\n",
        "stated-and-assumed",
    ),
    "an assumption of nothing": written(
        "yaml", whole("yaml") + "assumptions:\n  - {fact: ¦operations.runbok, value: a, reason: b, owner: c}\n", "unknown-fact"
    ),
    "an assumption without a reason": written(
        "yaml", whole("yaml") + "assumptions:\n  - ¦{fact: use_case.owner, value: a, owner: c}\n", "bad-assumption"
    ),
    "an assumption that everyone answers for": written(
        "yaml",
        whole("yaml").replace("  runbook: wiki/credit-default/runbook\n", "")
        + "assumptions:\n  - {fact: operations.runbook, value: a, reason: b, owner: ¦everyone}\n",
        "bad-assumption",
    ),
    "another order that skips the first gate": written(
        "yaml", whole("yaml") + "sequence: {¦order: [2, 3, 4, 5, 6, 7, 8, 9, 10], requested_by: a, reason: b}\n", "bad-sequence"
    ),
    "another order with the bundle first": written(
        "yaml",
        whole("yaml") + "sequence: {¦order: [10, 1, 2, 3, 4, 5, 6, 7, 8, 9], requested_by: a, reason: b}\n",
        "bad-sequence",
    ),
    "another order that nobody asked for": written(
        "yaml", whole("yaml") + "¦sequence: {order: [2, 1, 3, 4, 5, 6, 7, 8, 9, 10]}\n", "bad-sequence"
    ),
    "evidence outside of the project": swapped(
        "yaml", "impact: high", "impact: {value: high, evidence: {path: ¦../../../etc/passwd}}", "bad-evidence"
    ),
    "evidence at the root": swapped(
        "yaml", "impact: high", "impact: {value: high, evidence: {path: ¦/etc/passwd}}", "bad-evidence"
    ),
    "evidence in a home": swapped(
        "yaml", "impact: high", "impact: {value: high, evidence: {path: ¦~/.ssh/id_rsa}}", "bad-evidence"
    ),
    "evidence on a drive": swapped("yaml", "impact: high", 'impact: {value: high, evidence: {path: ¦"C:\\\\a"}}', "bad-evidence"),
    "evidence with a line break in its path": swapped(
        "json", RISK, '"impact": {"value": "high", "evidence": {"path": ¦"a\\u0000b"}}', "bad-evidence"
    ),
    "evidence that would run": swapped(
        "yaml", "impact: high", "impact: {value: high, evidence: {url: ¦'javascript:alert(1)'}}", "bad-evidence"
    ),
    "evidence read from a file by its address": swapped(
        "yaml", "impact: high", "impact: {value: high, evidence: {url: ¦'file:///etc/passwd'}}", "bad-evidence"
    ),
    "nothing stated": written("yaml", "delivery:\n", UNSAID),
    "everything still open": written(
        "yaml", "delivery: TBD\nuse_case: {objective: TODO, users: [], risk: {impact: '?'}}\n", UNSAID
    ),
    "praise for a threshold": swapped(
        "yaml",
        '["auc >= 0.80", "recall@5% >= 0.42", "calibration_error <= 0.02"]\n  business',
        '["good accuracy"]\n  business',
        UNSAID,
    ),
    "an owner who is nobody": swapped("yaml", "owner: Ana Lopez, head of consumer credit", "owner: everyone", UNSAID),
    "a version that moves": swapped("yaml", "    to: 2.2.1\n    within", "    to: latest\n    within", UNSAID),
    "a high risk with nobody to approve": swapped(
        "yaml", "    approvers: [ana.lopez@bank.example, tomas.novak@bank.example]\n", "", UNSAID
    ),
}

KEYS = {
    "a key without one of its letters": swapped("yaml", "    impact: high", "    ¦impct: high", "unknown-fact"),
    "a section without one of its letters": swapped("yaml", "\nserving:\n", "\n¦servng:\n", "unknown-fact"),
    "a key in capitals": swapped("yaml", "    impact: high", "    ¦Impact: high", "unknown-fact"),
    "a key with a hyphen": swapped("yaml", "max_reruns: 2", "¦max-reruns: 2", "unknown-fact"),
    "a key with a blank after it, in quotes": swapped("yaml", "    impact: high", '    ¦"impact ": high', "unknown-fact"),
    "a key with letters of another script": swapped("yaml", "    impact: high", "    ¦impaсt: high", "unknown-fact"),
    "a key that runs to the left": swapped("yaml", "    impact: high", "    ¦\u202eimpact: high", "unknown-fact"),
    "a key in Arabic": swapped("yaml", "    impact: high", "    impact: high\n    ¦الأثر: عالي", "unknown-fact"),
    "a key with an invisible letter": swapped("yaml", "    impact: high", "    ¦im\u200bpact: high", "unknown-fact"),
    "a key with a byte order mark": swapped("yaml", "    impact: high", '    ¦"\ufeffimpact": high', "unknown-fact"),
    "a key written as a path": written("yaml", "¦use_case.risk.impact: high\n", "unknown-fact"),
    "a key that is a number": swapped("yaml", "    impact: high", "    impact: high\n    ¦12: high", "unknown-fact"),
    "a key that is a truth value": swapped("yaml", "    impact: high", "    impact: high\n    ¦true: high", "unknown-fact"),
    "a key that is nothing": swapped("json", RISK, f'{RISK}, ¦"": 1', "unknown-fact"),
    "a key that JavaScript gives to everything": swapped(
        "json", RISK, f'{RISK}, ¦"__proto__": {{"impact": "low"}}', "unknown-fact"
    ),
    "a key that makes things": swapped("json", RISK, f'{RISK}, ¦"constructor": {{"prototype": {{"x": 1}}}}', "unknown-fact"),
    "a key that Python gives to everything": swapped("json", RISK, f'{RISK}, ¦"__class__": "x"', "unknown-fact"),
    "a key that a model of ours has": swapped("json", RISK, f'{RISK}, ¦"model_config": "x"', "unknown-fact"),
    "a key with NUL": swapped("json", RISK, f'{RISK}, ¦"im\\u0000pact": 1', "unknown-fact"),
    "a key with a line break": swapped("json", RISK, f'{RISK}, ¦"im\\npact": 1', "unknown-fact"),
    "a key of 19,000 letters": swapped("json", RISK, f'{RISK}, ¦"{"k" * 19_000}": 1', "unknown-fact"),
    "a key of 30,000 letters": swapped("json", RISK, f'{RISK}, ¦"{"k" * 30_000}": 1', "too-long"),
    "a key of combining marks": swapped("json", RISK, RISK + ', ¦"e' + "\u0301" * 5_000 + '": 1', "unknown-fact"),
    "a merge key": swapped("yaml", "    impact: high", "    impact: high\n    ¦<<: {impact: low}", "unknown-fact"),
    "a merge key of an anchor": swapped(
        "yaml", "    impact: high\n    factors: [", "    impact: high\n    <<: ¦*a\n    factors: &a [", "bad-alias"
    ),
    "a key twice in YAML": swapped("yaml", "    impact: high", "    impact: high\n    ¦impact: low", "duplicate-key"),
    "a key twice in quotes": swapped("yaml", "    impact: high", '    impact: high\n    ¦"impact": low', "duplicate-key"),
    "a section twice": written("yaml", whole("yaml") + "¦delivery: {model: another}\n", "duplicate-key"),
    "a key twice in JSON": swapped("json", RISK, f'{RISK}, ¦"impact": "low"', "duplicate-key"),
    "a key twice in JSON, once in escapes": swapped("json", RISK, f'{RISK}, ¦"\\u0069mpact": "low"', "duplicate-key"),
    "a key twice with the same value": swapped("json", RISK, f"{RISK}, ¦{RISK}", "duplicate-key"),
    "a list as a key": swapped("yaml", "    impact: high", "    impact: high\n    ? ¦[a]\n    : 1", "bad-key"),
    "a mapping as a key": swapped("yaml", "    impact: high", "    impact: high\n    ¦{a: 1}: 1", "bad-key"),
    "an alias as a key": swapped("yaml", "    impact: high", "    impact: &a high\n    ¦*a : 1", "bad-key"),
    "an unknown key in a record": written("json", '{"lineage": {"datasets": [{"name": "a", ¦"ownr": "b"}]}}', "unknown-fact"),
    "TOML that names a list as a table": written("toml", '[[¦delivery]]\nmodel = "a"\n', "wrong-type"),
}

NUMBERS = {
    **{
        f"{written_so} as a whole number in YAML": swapped("yaml", "max_reruns: 2", f"max_reruns: ¦{written_so}", code)
        for written_so, code in {
            ".nan": "number-range",
            ".NaN": "number-range",
            ".inf": "number-range",
            "-.INF": "number-range",
            "1.5e999": "number-range",
            "-1e999": "number-range",
            "1.0e16": "number-range",
            "1e999": "wrong-type",  # a short commit is written like this
            "9" * 41: "number-range",
            "9" * 5_000: "number-range",
            "0." + "3" * 60: "number-range",
            "nan": "wrong-type",
            "inf": "wrong-type",
            "0x1F": "wrong-type",
            "0o17": "wrong-type",
            "0b11": "wrong-type",
            "010": "wrong-type",
            "1_000": "wrong-type",
            "22:30": "wrong-type",
            "190:20:30": "wrong-type",
            "2026-09-30": "wrong-type",
            "1,5": "wrong-type",
            "٢": "wrong-type",
            "２": "wrong-type",
            "²": "wrong-type",
            "1e-3": "wrong-type",
            "-2": "wrong-value",
            "NO": "wrong-type",
        }.items()
    },
    **{
        f"{written_so} in JSON": swapped("json", RISK, f'"impact": ¦{written_so}', "number-range")
        for written_so in ("NaN", "Infinity", "-Infinity", "1e999", "-1e400", "9" * 5_000, "0." + "1" * 5_000, "1" + "0" * 400)
    },
    **{
        f"{written_so} in TOML": swapped("toml", TOML_RISK, f"impact = ¦{written_so}", "number-range")
        for written_so in ("nan", "-inf", "+inf", "1e999", "9" * 5_000, "9_" * 2_000 + "9", "0x" + "f" * 5_000)
    },
    "nothing as a whole number": swapped("yaml", "max_reruns: 2", "max_reruns: ~", UNSAID),
    "-0 as a whole number": swapped("yaml", "max_reruns: 2", "max_reruns: -0", FINE),
    "2.0 as a whole number": swapped("yaml", "max_reruns: 2", "max_reruns: 2.0", FINE),
    **{
        f"the threshold {threshold}": swapped(
            "yaml", 'reproducibility: ["auc_difference <= 0.002"]', f'reproducibility: ["{threshold}"]', UNSAID
        )
        for threshold in (
            "auc <= nan",
            "auc <= 1e999",
            "auc <= 0x10",
            "auc <= 1,000",
            "auc <=",
            "<= 0.1",
            "auc < 1 or so",
            "auc 0.8",
        )
    },
}
