"""The kinds of findings, in the words of the reference page: what it is, why it matters, how to mend it, an example."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """One kind of finding."""

    what: str
    why: str
    mend: str
    example: str


KINDS = {
    "bad-pack": Kind(
        "A name that points nowhere, a key that nothing reads, a question that does not fit its fact, statements that stand "
        "on each other in a circle.",
        "Nothing can be judged by such a pack, so every command refuses it. The other checks begin once this is mended.",
        "correct what the message names",
        "- {fact: ship.title}          # no fact is called so",
    ),
    "never-met": Kind(
        "A condition that no delivery can meet.",
        "What asks for it never holds: a gate never passes, a row never leads, an anti-pattern is never found.",
        "ask something that a delivery can state, or take the condition out",
        "- {fact: ship.kind, includes: [sloop, ketch]}      # ship.kind is a single choice",
    ),
    "contradiction": Kind(
        "Conditions of one `all` that can each be met, and not together. The finding names those that clash, and none besides.",
        "The same as for one condition that can never be met, and harder to see.",
        "take one of them out, or put them under `any`",
        "- {fact: ship.gear, includes: [anchor]}\n- {fact: ship.gear, none_of: [anchor]}",
    ),
    "unreachable-gate": Kind(
        "A gate whose conditions can't be met together with those of the gates before it, or with each other.",
        "Every gate needs those before it, so nothing is ever delivered.",
        "let the two gates agree",
        "- {fact: ship.kind, is: ketch}    # gates/ship.yaml\n- {fact: ship.kind, is: sloop}    # gates/voyage.yaml",
    ),
    "never-unmet": Kind(
        "A condition that no value contradicts, or an `any` of which one alternative always holds.",
        "It looks as if something were checked, and nothing is but that the fact is stated.",
        "ask what not every value meets, or ask only that the fact is stated",
        "- {fact: ship.request, any_of: [sail, repair, sell]}      # there are no other choices",
    ),
    "implied-condition": Kind(
        "A condition of an `all` that is met wherever the others are, and unmet only where one of them is.",
        "It can be changed or forgotten without any effect, and readers look for the one that it has.",
        "take it out",
        "- {fact: ship.chart}              # what is pinned is stated\n- {fact: ship.chart, pinned: true}",
    ),
    "idle-alternative": Kind(
        "An alternative of an `any` that holds only where another one does.",
        "The same as for a condition that is implied.",
        "take it out",
        "- {fact: ship.kind, is: ketch}\n- {fact: ship.kind, any_of: [ketch, sloop]}",
    ),
    "limit-out-of-range": Kind(
        "A limit, or a number in a cell, that the fact can't reach: outside `least` and `most`, a share above one, a negative "
        "number of records.",
        "The comparison always comes out the same. Often the limit is in another unit than the fact.",
        "correct the limit, or what the fact may hold",
        "full-traffic: {value: 100, ...}      # compared with a share, which is 0 to 1",
    ),
    "dead-row": Kind(
        "A row of a decision table that never leads: wherever it holds, a row of higher rank is not ruled out. In a table of "
        "outputs with the hit policy `first` these are the rows above it, with `priority` those whose values rank higher.",
        "What it says is never said.",
        "rank it higher in `priority`, narrow the signals above it, or take it out",
        "priority: [rough, storm]      # where there is a storm the sea is rough",
    ),
    "table-gap": Kind(
        "A decision table for which there is a delivery where no row holds and none is undecided. What is not stated is "
        "tried too; the witness is such a delivery.",
        "The table has no answer, and whatever was declared follows it.",
        "add a row, or say in `gaps:` of the table why no row has to hold there",
        "choices: [calm, rough, foggy]      # and rows for calm and rough",
    ),
    "table-overlap": Kind(
        "Two rows of a table of outputs that may hold at once: with the hit policy `unique`, or with `any` and different "
        "outputs. The witness is such a delivery.",
        "There the table contradicts itself and says nothing.",
        "narrow one of the rows, or choose the hit policy `first` or `priority`",
        "hit: unique      # rows with the cells `< 5` and `[4..8]`",
    ),
    "subsumed-row": Kind(
        "A row of a table of outputs without which the table would say the same wherever it is decided: other rows say as much "
        "wherever this one holds.",
        "It can be changed or forgotten without any effect, and readers look for the one that it has.",
        "take it out, or let it say something else",
        "hit: any      # two rows with `check: yes`, one for `< 5` and one for `< 8`",
    ),
    "idle-otherwise": Kind(
        "An `otherwise` of a table in which some row holds, or may hold, in every delivery.",
        "It says something that is never said.",
        "take `otherwise` out",
        "otherwise: {check: yes}      # and rows for `< 5` and `>= 5`",
    ),
    "no-gap": Kind(
        "A table that says in `gaps` why no row has to hold, while one always does.",
        "The reason is of an earlier version of the table.",
        "take `gaps` out",
        "gaps: No response is needed in a calm sea      # and there is a row for it",
    ),
    "same-choice": Kind(
        "A row whose alternative is its default.",
        "There is nothing to choose.",
        "name another choice",
        "default: {choice: wait, text: Wait}\nalternative: {choice: wait, text: Wait}",
    ),
    "unused-fact": Kind(
        "A fact, or a field of records, that no condition and no table reads. Labels tell records apart and need no reader.",
        "Teams are asked for it, and it is never judged.",
        "ask for it in a criterion, or take it out",
        "ship.flag: {type: text, ...}      # in no condition",
    ),
    "unused-limit": Kind(
        "A limit that no condition and no `fresh_for` names.",
        "Whoever changes it believes to change the standard.",
        "take it out",
        "crew-better: {value: 3, ...}      # in no condition",
    ),
    "unused-signal": Kind(
        "A signal that no row and no condition asks for.",
        "It is derived for nothing.",
        "give it a row, or take it out",
        "- id: swell      # in no `when:` and no `signal:`",
    ),
    "unused-checklist": Kind(
        "A checklist that no criterion asks for.",
        "It blocks nothing.",
        "add `passes: NAME` to a criterion",
        "- id: papers      # in no `passes:`",
    ),
    "unused-table": Kind(
        "A policy table that no criterion asks to follow, or a table of outputs that no condition asks.",
        "Another choice than the recommended one needs no rationale; what the table says blocks nothing.",
        "add `follows: NAME` to a criterion, or ask with `table: NAME`",
        "id: response      # in no `follows:`",
    ),
    "unused-input": Kind(
        "An input of a table that no cell of its rows asks about.",
        "The table looks as if it depended on it.",
        "give a row a cell for it, or take it out",
        "inputs: {kind: {fact: ship.kind}}      # and no `kind:` in any row",
    ),
    "unused-value": Kind(
        "A value of an output that no row gives.",
        "What asks for it is never met by the table.",
        "give it in a row, or take it out",
        "values: [yacht-club, harbour-office, none]      # and no row with `check: yacht-club`",
    ),
    "unused-antipatterns": Kind(
        "Anti-patterns, and no criterion that asks to be free of them.",
        "They are shown and block nothing.",
        "add `free_of: antipatterns` to a criterion",
        "antipatterns:      # and no `free_of:`",
    ),
    "placeholder-text": Kind(
        "A mend line, source, question or other text that is a placeholder by the pack's own list.",
        "A team that is blocked is told nothing; a number without a source can't be defended.",
        "write what it should say",
        "mend: TBD",
    ),
    "bad-example": Kind(
        "An example that its fact does not take, or that refers to nothing.",
        "`init`, the reference page and every question show it.",
        "write a value that could be right",
        "example: barque      # not among the choices",
    ),
    "bad-default": Kind(
        "A default that its fact does not take.",
        "An assumption begins with it.",
        "write a value that could be right",
        "default: {value: barque, because: the usual kind}",
    ),
    "blocked-example": Kind(
        "The examples of the vocabulary, put together to one delivery, are blocked.",
        "They are meant to be a delivery that passes: users copy them, and cases begin with them.",
        "correct the example of the fact that is named, or the condition",
        "ship.crew: {type: integer, example: 1, ...}      # and a crew of two is asked for",
    ),
    "bad-crosswalk": Kind(
        "A file of a standard that names a clause or criterion that is not there or names it twice, leaves a criterion out, or "
        "can't be read.",
        "`check --crosswalk` refuses it, and nobody may notice till an audit.",
        "correct what the message names",
        "crew-list: {high: [H7]}      # and there is no clause H7",
    ),
    "no-cases": Kind(
        "A file of knowledge without a file of cases beside it.",
        "Nothing shows that its conditions mean what they should.",
        "write `NAME.cases.yaml` with a case for each side",
        "bundle.yaml      # and no bundle.cases.yaml",
    ),
    "missing-case": Kind(
        "A gate, criterion, row, signal or alternative of one, anti-pattern or item that cases show on one side only. "
        "Only the names in `expect` are looked at.",
        "A condition that is always met, or never, would not be noticed.",
        "add a case with the state that is named",
        "criterion seaworthy: met      # and no case in which it is unmet or unknown",
    ),
    "stray-case": Kind(
        "A case that expects something of what is not in the pack, or a state that there is not.",
        "It shows nothing, and looks as if it did.",
        "correct the name or the state",
        "criterion seeworthy: met",
    ),
    "too-deep": Kind(
        "Statements that stand on each other over more than 60 levels.",
        "An explanation follows them level by level; some hundred are more than the engine bears.",
        "ask for facts directly",
        "- {id: storm-61, all: [{signal: storm-60}]}",
    ),
    "too-many-rules": Kind(
        "A pack that compiles to more than 10,000 rules.",
        "A check then takes longer than a second. Long lists of conditions are no problem: they are chained.",
        "split the pack, or take conditions together",
        "",
    ),
}
