"""What is made once for all tests of topics: the dictionaries, the classifier and the lists of names."""

import pytest

from hub.cases.topics.dictionaries import examples, lexicons
from hub.cases.topics.known_names import KnownNames
from hub.cases.topics.learned import learn
from hub.cases.topics.names import listed_names
from hub.cases.topics.suggesting import Suggester


@pytest.fixture(scope="session")
def suggester() -> Suggester:
    return Suggester(lexicons(), learn(examples()))


@pytest.fixture(scope="session")
def names() -> KnownNames:
    return listed_names()
