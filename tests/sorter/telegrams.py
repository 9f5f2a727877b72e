"""Telegrams of every kind, drawn by Hypothesis within the bounds that the wire states."""

from hypothesis import strategies as st

from karez.domain.sorting import ChuteState
from karez.domain.telegrams import Dest, Divert, DivertOutcome, Heartbeat, Induct, Scan, State, Subject

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=200)
lists = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=50), max_size=32).map(tuple)
wholes = st.integers(-(2**53) + 1, 2**53 - 1)
maybe = st.none() | wholes
states = st.one_of(
    st.tuples(st.just(Subject.CHUTE), st.sampled_from([str(each) for each in ChuteState])),
    st.tuples(st.just(Subject.INDUCTION), st.sampled_from(["on", "off"])),
    st.tuples(st.just(Subject.SORTER), st.sampled_from(["running", "stopped"])),
)
telegrams = st.one_of(
    st.builds(Induct, texts, wholes, texts, wholes),
    st.builds(Scan, texts, wholes, wholes, wholes, lists, maybe, maybe, maybe, maybe),
    st.builds(Dest, texts, texts, st.none() | texts, lists, texts, maybe),
    st.builds(Divert, texts, wholes, st.sampled_from(DivertOutcome), wholes, st.none() | texts, st.none() | texts),
    st.builds(lambda state, name, ts, value: State(state[0], name, state[1], ts, value), states, texts, wholes, maybe),
    st.builds(Heartbeat, wholes),
)
