"""GitHub: who owns data and features, where workflows deploy to and how often they retrain, and what rulesets ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...engine.nodes import Node
from ...engine.sources import Source
from .found import At, Finding, Says, Shortfall
from .nodes import get, items, pairs, text
from .tree import Tree

# Where GitHub looks for the file; the first that is there counts.
_CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
_OWNER = re.compile(r"@[\w.-]+(?:/[\w.-]+)?|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# The patterns whose owners approve a change of data or features.
_DATA = re.compile(r"(?:\*\*)?/?(?:\*\*/)?(?:data|datasets?|features?|feature_repo|feature_store)(?:/\*{0,2})?")
_IN_SERVICE = ("production", "prod")
_RETRAINS = re.compile(r"(?:^|[\W_])(?:re-?)?train(?:ing)?(?:$|[\W_])", re.IGNORECASE)
_CRON = re.compile(r"\S+ \S+ \S+ \S+ \S+")


def collect(tree: Tree, table: Source) -> Iterator[Finding]:
    """What the files of GitHub say."""
    asked = False
    for file in tree.named(".github/settings.yml", ".github/settings.yaml"):
        root = tree.mapping(file)
        for one in items(get(root, "branches")):
            review = get(one, "protection", "required_pull_request_reviews")
            if review is not None:
                asked = asked or _is_true(review, "require_code_owner_reviews")
                yield from _reviews(At(file, review.place.line, f"branches.{text(get(one, 'name'))}"), review)
        for one in items(get(root, "environments")):
            yield from _environment(At(file, one.place.line, "environments"), text(get(one, "name")))
    for file in tree.named(".github/rulesets/*.json", ".github/ruleset*.json", "rulesets/*.json"):
        for root in tree.documents(file):
            for ruleset in items(root) if root.kind == "list" else [root]:
                asked = asked or _asks_owners(ruleset)
                yield from _ruleset(file, ruleset)
    for file in tree.named(".github/environments*.json", ".github/environments/*.json"):
        for root in tree.documents(file):
            listed = get(root, "environments")
            for one in items(listed) if listed is not None else [root]:
                yield from _protected(file, one)
    yield from _owners(tree, asked)
    for file in tree.named(".github/workflows/*.yml", ".github/workflows/*.yaml"):
        root = tree.mapping(file)
        if root is not None and file.startswith(".github/"):
            yield from _workflow(file, root)


def _is_true(node: Node | None, key: str) -> bool:
    value = get(node, key)
    return value is not None and value.kind == "boolean" and value.boolean


# --- who owns what


def _owners(tree: Tree, asked: bool) -> Iterator[Finding]:
    """Owners of data and features; those of everything only where a rule asks for the review of owners."""
    files = [file for file in _CODEOWNERS if file in tree.named("CODEOWNERS")]
    source = tree.text(files[0]) if files else None
    named: dict[str, int] = {}
    everything: dict[str, int] = {}
    for number, line in enumerate((source or "").split("\n"), 1):
        pattern, *rest = line.partition(" #")[0].split() or [""]
        owners = [one for one in rest if _OWNER.fullmatch(one)]
        if _DATA.fullmatch(pattern):
            named |= {owner: number for owner in owners if owner not in named}
            if not owners:
                yield Shortfall(At(files[0], number, pattern), f"nobody owns `{pattern}`", "name who approves a change of it")
        elif pattern == "*":
            everything = dict.fromkeys(owners, number)
    if named:
        yield Says(At(files[0], min(named.values()), "data and features"), {"CODEOWNERS (data, features)": list(named)})
    elif everything and asked:
        yield Says(At(files[0], min(everything.values()), "*"), {"CODEOWNERS * (review asked for)": list(everything)})


# --- what rules ask for


def _asks_owners(ruleset: Node) -> bool:
    return text(get(ruleset, "enforcement")) == "active" and any(
        _is_true(get(rule, "parameters"), "require_code_owner_review") for rule in items(get(ruleset, "rules"))
    )


def _ruleset(file: str, ruleset: Node) -> Iterator[Finding]:
    name, enforcement = text(get(ruleset, "name")), text(get(ruleset, "enforcement"))
    if enforcement and enforcement != "active":
        here = At(file, ruleset.entries["enforcement"].place.line, "enforcement")
        yield Shortfall(here, f"the ruleset `{name}` is not enforced (`{enforcement}`)", "set its enforcement to `active`")
        return
    for rule in items(get(ruleset, "rules")):
        parameters = get(rule, "parameters")
        if text(get(rule, "type")) == "pull_request" and parameters is not None:
            yield from _reviews(At(file, parameters.place.line, f"ruleset {name}"), parameters)


def _reviews(at: At, rule: Node) -> Iterator[Finding]:
    count = get(rule, "required_approving_review_count")
    if count is not None and count.kind == "number" and count.number == 0:
        here = At(at.file, count.place.line, "required_approving_review_count")
        yield Shortfall(here, "`required_approving_review_count` is 0, so nobody has to approve a change", "ask for at least one")


# --- where it is deployed


def _environment(here: At, name: str) -> Iterator[Finding]:
    if name and "${{" not in name:
        yield Says(here, {"environment": name})


def _protected(file: str, one: Node) -> Iterator[Finding]:
    """An environment as the interface of GitHub gives it, with those who have to review a deployment to it."""
    name, rules = text(get(one, "name")), get(one, "protection_rules")
    if not name or rules is None:
        return
    here = At(file, one.place.line, f"environments.{name}")
    yield from _environment(here, name)
    reviewers = [
        text(get(who, "reviewer", "login")) or text(get(who, "reviewer", "slug"))
        for rule in items(rules)
        for who in items(get(rule, "reviewers"))
    ]
    if name.casefold() in _IN_SERVICE:
        if reviewers:
            yield Says(here, {"environments.production.reviewers": [f"@{who}" for who in reviewers if who]})
        else:
            yield Shortfall(here, f"the environment `{name}` has no required reviewers", "add who has to approve a deployment")


# --- workflows


def _workflow(file: str, root: Node) -> Iterator[Finding]:
    for name, job, place in pairs(get(root, "jobs")):
        environment = get(job, "environment")
        yield from _environment(
            At(file, place.line, f"jobs.{name}.environment"), text(environment) or text(get(environment, "name"))
        )
    title = text(get(root, "name")) or file.rpartition("/")[2].rpartition(".")[0]
    for one in items(get(root, "on", "schedule")):
        often = _cadence(text(get(one, "cron")))
        if often and _RETRAINS.search(title):
            yield Says(At(file, one.place.line, "on.schedule.cron"), {"on.schedule.cron (of training)": often})


def _cadence(cron: str) -> str:
    """How often a cron line fires, where that is once a day, week, month, quarter or year."""
    if not _CRON.fullmatch(cron):
        return ""
    minute, hour, day, month, weekday = cron.split()
    if not (minute.isdigit() and hour.isdigit()):
        return ""
    if (day, month, weekday) == ("*", "*", "*"):
        return "daily"
    if (day, month) == ("*", "*") and re.fullmatch(r"[0-7]|[a-z]{3}", weekday.lower()):
        return "weekly"
    if day.isdigit() and weekday == "*":
        return {"*": "monthly", "*/3": "quarterly", "1,4,7,10": "quarterly", "*/12": "yearly"}.get(
            month, "yearly" if month.isdigit() else ""
        )
    return ""
