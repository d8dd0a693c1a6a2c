"""A YAML file as plain data with places. Whatever a file does wrong comes back as a fault; nothing is raised."""

from __future__ import annotations

from yaml.error import YAMLError

from . import yaml_text
from .composer import Composer, StopReading
from .documents import Fault, ParsedFile
from .scalars import Memory


def parse(data: bytes, memory: Memory | None = None) -> ParsedFile:
    """The documents of a file that are not empty, and its faults, by place.

    `memory` may be shared by all files of one run. The result is plain data of this file alone.
    """
    text = yaml_text.decode(data)
    if isinstance(text, Fault):
        return ParsedFile(faults=(text,))
    composer = Composer(data, memory or Memory())
    try:
        composer.run()
    except StopReading as stop:
        composer.faults.append(stop.fault)
    except YAMLError as error:
        composer.faults.append(yaml_text.syntax_fault(error, text))
    if not composer.documents and not composer.faults:
        return ParsedFile(faults=(Fault("schema", "the file is empty; give it content, or delete it"),))
    return ParsedFile(
        tuple(composer.documents), tuple(sorted(composer.faults, key=lambda each: (each.line, each.column)))
    )
