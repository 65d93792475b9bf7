"""Documents put into trees; all else in them stays as it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.error import YAMLError

from talos_registry.diagnostic import PatchError, TalosRegistryError
from talos_registry.documents import KINDS, TYPED
from talos_registry.documents.encoder import encoded
from talos_registry.goyaml import Tree
from talos_registry.goyaml import documents as items_of
from talos_registry.goyaml.comments import comments
from talos_registry.goyaml.editing import difference, is_planned
from talos_registry.loading import MachineConfig, parse
from talos_registry.messages import quoted
from talos_registry.patching.replacing import with_document
from talos_registry.roundtrip.building import tree_of
from talos_registry.roundtrip.reading import Dumper
from talos_registry.versions import LATEST, release_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.documents import RegistryDocument

__all__ = ["merge_into"]


def merge_into(trees: list[Any], documents: RegistryDocument | Iterable[RegistryDocument]) -> None:
    """Put documents into the trees: each in the place of the one of its kind and name, or at the end.

    A tree in which a document takes another's place is replaced in the list by a new one, in which members that say the same
    keep their comments, quotes and order, and those that the document lacks are gone. A document that is there already as
    it is given leaves its tree alone, and so does everything with the trees of all others. A None at the end, which is an
    empty document of the file, is filled. Whether Talos accepts the documents is not checked: ``config_of`` does.

    Nothing is changed if anything is refused.

    Args:
        trees: the list that ``list(YAML().load_all(text))`` makes.
        documents: any of the four typed kinds, or one of them.

    Raises:
        TypeError: for what is no list of trees, or no document.
        TalosRegistryError: for two documents of one kind and name, given or there; for one that an entry of
            ``machine.registries`` stands in the way of, which it would replace as a whole; for one whose place cannot be
            decoded, or cannot be changed without a loss, as with comments beside what a merge key brings along.
    """
    if not _is_list(trees):
        raise TypeError(f"merge_into adds to a list of trees, as list(YAML().load_all(text)) is, not {_a(trees)}")
    given = _given(documents)
    merging = _Merging(trees)
    for document in given:
        merging.take(document)
    trees[:] = merging.result()


def _is_list(trees: object) -> bool:
    """Whether it is a list of Python itself; the root of a document can be one of ruamel.yaml."""
    return isinstance(trees, list) and not isinstance(trees, CommentedSeq)


def _a(value: object) -> str:
    return f"a {type(value).__name__}"


def _given(documents: Any) -> list[RegistryDocument]:
    """The documents, each once."""
    given = [documents] if type(documents) in TYPED.values() else [*documents]
    stranger = next((document for document in given if type(document) not in TYPED.values()), None)
    if stranger is not None:
        raise TypeError(f"merge_into takes documents of these kinds: {', '.join(TYPED)}; not {_a(stranger)}")
    counts = Counter((document.kind, document.name) for document in given)
    twice = next((document for document in given if counts[document.kind, document.name] > 1), None)
    if twice is not None:
        raise TalosRegistryError(f"{_which(twice)} is given twice")
    return given


def _which(document: RegistryDocument) -> str:
    return f"{document.kind} {quoted(document.name)}" if document.name else document.kind


class _Merging:
    """The trees while documents are put into them: the list that was given stays as it is."""

    def __init__(self, trees: list[Any]) -> None:
        self._dumper = Dumper(trees)
        self._old = trees
        self._new = [*trees]
        self._configs = [parse(self._dumper.text([tree])) for tree in trees]
        self._places = defaultdict[tuple[str, str], list[int]](list)
        for at, config in enumerate(self._configs):
            for document in config.documents:
                self._places[document.kind, document.name].append(at)
        self._changed: dict[int, RegistryDocument] = {}

    def take(self, document: RegistryDocument) -> None:
        """Put one document into the trees."""
        places = self._places[document.kind, document.name]
        if len(places) > 1:
            raise TalosRegistryError(
                f"{_in(places)}: there is more than one {_which(document)}; remove all but one first"
            )
        if places:
            self._replace(places[0], document)
        else:
            self._refuse_shadowing(document)
            self._append(document)

    def _append(self, document: RegistryDocument) -> None:
        if self._new and self._new[-1] is None:
            self._new.pop()
        self._changed[len(self._new)] = document
        self._new.append(tree_of(document))

    def _refuse_shadowing(self, document: RegistryDocument) -> None:
        for at, config in enumerate(self._configs):
            for present in config.legacy_documents:
                if (present.kind, present.name) == (document.kind, document.name):
                    raise TalosRegistryError(
                        f"{_in([at])}: {_which(document)} would replace as a whole what the v1alpha1 document says about it; "
                        "change it there, or migrate it to a document first"
                    )

    def _replace(self, at: int, document: RegistryDocument) -> None:
        config = self._configs[at]
        if not config.loads:
            raise TalosRegistryError(
                f"{_in([at])}: Talos cannot decode the {_which(document)} that is there; mend what config_of finds in it first"
            )
        try:
            after = with_document(config, document)
        except PatchError as error:
            raise TalosRegistryError(f"{_in([at])}: {error}") from None
        if after is config:
            return
        if self._loaded(at, config) != self._old[at]:
            raise _lossy(at)
        self._new[at] = self._loaded(at, after)
        if difference(_comments(after), _comments(parse(self._dumper.text([self._new[at]])))):
            raise _lossy(at)
        self._changed[at] = document

    def _loaded(self, at: int, config: MachineConfig) -> Any:
        """The tree of a text that holds one document."""
        try:
            (tree,) = self._dumper.trees(config.text)
        except YAMLError:
            raise _lossy(at) from None
        return tree

    def result(self) -> list[Any]:
        """The new trees, once it is proved that nothing else in them has changed."""
        before, after = (items_of(self._dumper.text(trees), _RELEASE) for trees in (self._old, self._new))
        for at, (old, new) in enumerate(zip_longest(before, after)):
            if at in self._changed:
                self._prove(at)
            elif not (isinstance(old, Tree) and isinstance(new, Tree) and is_planned([(old.root, None, new.root)])):
                raise TalosRegistryError(
                    f"{_in([at])}: what ruamel.yaml dumps of this tree is not one document for Talos"
                )
        return self._new

    def _prove(self, at: int) -> None:
        config = parse(self._dumper.text([self._new[at]]))
        if not config.loads or [*map(_content, config.documents)] != [_content(self._changed[at])]:
            raise _lossy(at)


_RELEASE = release_of(LATEST)


def _in(places: list[int]) -> str:
    return ", ".join(f"trees[{at}]" for at in places)


def _lossy(at: int) -> TalosRegistryError:
    return TalosRegistryError(f"{_in([at])}: the document cannot be put there without a loss by ruamel.yaml")


def _comments(config: MachineConfig) -> Iterator[str]:
    return (
        config.text[begin:end].rstrip() for begin, end in comments((tree.root for tree in config.trees), config.text)
    )


def _content(document: Any) -> Any:
    """What a document says, in the one form in which Talos writes it."""
    return encoded(KINDS[document.kind].struct, document.to_values()) if document.kind in TYPED else document
