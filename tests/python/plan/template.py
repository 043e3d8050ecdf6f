"""What CloudFormation makes of a plan's template: its references filled in, the definition of the state machine."""

import re

ACCOUNT, REGION = "123456789012", "eu-west-1"
STACK = "11111111-2222-3333-4444-555555555555"
PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/plan/{STACK}",
}


def resolved(value, known):
    """The value with its functions carried out; `known` has what references stand for."""
    if isinstance(value, list):
        return [resolved(one, known) for one in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        (name, argument), = value.items()
        if name == "Ref":
            return known[argument]
        if name == "Fn::GetAtt":
            return known[".".join(argument)]
        if name == "Fn::Sub":
            text, more = argument if isinstance(argument, list) else (argument, {})
            more = {**known, **resolved(more, known)}
            return re.sub(r"\$\{([^}]+)\}", lambda found: more[found[1]], text)
        if name == "Fn::Select":
            index, of = argument
            return resolved(of, known)[index]
        if name == "Fn::Split":
            return resolved(argument[1], known).split(argument[0])
    return {key: resolved(one, known) for key, one in value.items()}


def filled(value, places):
    """The value with the places `${NAME}` of `DefinitionSubstitutions` filled in."""
    if isinstance(value, list):
        return [filled(one, places) for one in value]
    if isinstance(value, dict):
        return {key: filled(one, places) for key, one in value.items()}
    if isinstance(value, str):
        return re.sub(r"\$\{(\w+)\}", lambda found: places[found[1]], value)
    return value


def definition(template, topic):
    """The definition of the state machine as Step Functions gets it."""
    machine = template["Resources"]["Machine"]["Properties"]
    known = {**PSEUDO, "Topic": topic}
    places = resolved(machine["DefinitionSubstitutions"], known)
    return filled(resolved(machine["Definition"], known), places)


def states(definition):
    """Every state of a definition, those of its maps among them."""
    for state in definition["States"].values():
        yield state
        if "ItemProcessor" in state:
            yield from states(state["ItemProcessor"])
