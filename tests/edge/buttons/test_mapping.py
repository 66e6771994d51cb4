import tomllib

import pytest

from edge.buttons.hidraw import code
from edge.buttons.mapping import Answer, MappingError, parse_mapping, read_mapping

RECEPTION = """
[[panels]]
name = "reception"
driver = "usb"
serial = "A-1"
touchpoint = "front-desk"
desk = "2"
codes = { KEY_1 = 1, 79 = 2 }
lamps = { thanks = { led = "LED_NUML" }, refusal = { pin = 20 } }
[panels.answers]
1 = { survey = "doctor", question = "recommend", value = "yes" }
2 = { survey = "doctor", question = "recommend", value = 0 }
"""
EXIT = """
[[panels]]
name = "exit"
driver = "usb"
port = "usb-0:2"
touchpoint = "exit"
codes = { KEY_1 = 1 }
"""
DOOR = """
[[panels]]
name = "door"
driver = "gpio"
touchpoint = "door"
pins = { 1 = 17, 2 = 27 }
"""


def parse(text: str):
    return parse_mapping(tomllib.loads(text))


def refusal(text: str) -> str:
    with pytest.raises(MappingError) as refused:
        parse(text)
    return str(refused.value)


def test_a_mapping_says_hardware_buttons_and_answers():
    panel = parse("buzzer = 18\n" + RECEPTION + EXIT + DOOR).panel("reception")
    claim = panel.claim()
    assert (claim.panel, claim.serial, claim.port) == ("reception", "A-1", None)
    assert claim.buttons == {2: 1, 79: 2}
    assert panel.answers[1] == Answer(survey="doctor", question="recommend", value="yes")
    assert (panel.lamps.thanks.led, panel.lamps.refusal.pin) == (0, 20)


def test_hid_codes_are_bits_of_reports():
    panel = EXIT.replace('"usb"', '"hid"').replace("KEY_1 = 1", '"0.3" = 1, "2/1.7" = 2')
    assert parse(panel).panels[0].codes == {code(0, 3): 1, code(1, 7, report=2): 2}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (EXIT.replace("KEY_1", "KEY_ONE"), "panel 1 'exit' codes KEY_ONE: 'KEY_ONE' is not one"),
        (EXIT.replace('port = "usb-0:2"', ""), "panel 1 'exit': a panel is found by either"),
        (EXIT.replace('touchpoint = "exit"', ""), "panel 1 'exit' touchpoint: Field required"),
        (EXIT.replace('"usb"', '"bluetooth"'), "'bluetooth'"),
        (EXIT.replace("KEY_1 = 1", "KEY_1 = 0"), "panel 1 'exit' codes KEY_1"),
        (EXIT.replace("{ KEY_1 = 1 }", "{}"), "at least one button"),
        (EXIT + "colour = 3", "panel 1 'exit' colour"),
        (EXIT + "[panels.answers]\n7 = {survey='s', question='q', value=1}", "button 7"),
        (EXIT.replace('"usb"', '"hid"').replace("KEY_1", '"1-2"'), "'1-2' is not 'byte.bit'"),
        (DOOR.replace("17", "99"), "panel 1 'door' pins 1"),
        (RECEPTION.replace('{ led = "LED_NUML" }', "{}"), "either 'pin' or 'led'"),
        ("buzzer = 'loud'", "buzzer: Input should be a valid integer"),
    ],
)
def test_what_is_wrong_is_said_with_the_field(wrong, says):
    assert says in refusal(wrong)


@pytest.mark.parametrize(
    ("both", "says"),
    [
        (EXIT + EXIT, "'exit' and 'exit' have the same name exit"),
        (EXIT + EXIT.replace('"exit"', '"b"'), "'exit' and 'b' have the same port usb-0:2"),
        (
            RECEPTION + RECEPTION.replace('"reception"', '"b"').replace("pin = 20", "pin = 21"),
            "'reception' and 'b' have the same serial A-1",
        ),
        (DOOR + DOOR.replace('"door"', '"gate"'), "'door' and 'gate' have the same pin 17"),
        ("buzzer = 20\n" + RECEPTION, "'reception (lamp)' and 'buzzer' have the same pin 20"),
    ],
)
def test_the_same_hardware_for_two_is_refused(both, says):
    assert says in refusal(both)


def test_twins_without_serial_numbers_are_refused_by_name_unless_their_sockets_are_marked():
    model = 'model = "1a2b:3c4d"\n'
    twins = [EXIT + model, EXIT.replace("usb-0:2", "usb-0:3").replace('"exit"', '"hall"') + model]
    sentence = refusal("".join(twins))
    assert "'exit' and 'hall'" in sentence
    assert "socket_marked" in sentence
    assert len(parse("".join(twin + "socket_marked = true\n" for twin in twins)).panels) == 2


@pytest.mark.parametrize(
    ("content", "says"),
    [("panels = [", "end of document"), ("panels = [1]", "panel 1"), ("x = 1", "x")],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path, content, says):
    path = tmp_path / "panels.toml"
    path.write_text(content)
    with pytest.raises(MappingError, match=r"panels\.toml") as refused:
        read_mapping(path)
    assert says in str(refused.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MappingError, match=r"absent\.toml"):
        read_mapping(tmp_path / "absent.toml")
