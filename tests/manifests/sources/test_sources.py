"""From paths to an inventory: which files are read, and what is said of those that cannot be."""

from __future__ import annotations

import io
import json

import pytest

from netprobe.errors import InputError
from netprobe.manifests.load import load_inventory
from netprobe.model.place import Place


def policy(name, spec="{podSelector: {}}"):
    return (
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}}}\nspec: {spec}\n"
    )


def names(inventory):
    return [found.name for found in inventory.policies]


def test_a_folder_is_walked_in_order_and_hidden_folders_and_other_files_are_not(load):
    inventory = load(
        {
            "b.yaml": policy("b"),
            "a/z.yml": policy("az"),
            "a/c.json": json.dumps({"kind": "Ingress", "apiVersion": "networking.k8s.io/v1"}),
            ".git/x.yaml": "{{ nothing",
            "notes.txt": "{{ nothing",
            ".hidden.yaml": "{{ nothing",
        }
    )
    assert names(inventory) == ["az", "b"]
    assert inventory.ignored == {"Ingress": 1}


def test_links_that_lead_back_are_followed_once(load, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "back").symlink_to(tmp_path)
    (tmp_path / "self.yaml").symlink_to(tmp_path / "a" / "x.yaml")
    inventory = load({"a/x.yaml": policy("x")}, "", "a/x.yaml")
    assert names(inventory) == ["x"]
    assert inventory.remarks == ()


def test_paths_are_read_in_the_order_given_and_a_dash_is_the_standard_input(load, tmp_path):
    load({"a.yaml": policy("a"), "b.yaml": policy("b")})
    stdin = io.StringIO(policy("piped"))
    paths = [str(tmp_path / "b.yaml"), "-", str(tmp_path / "a.yaml")]
    inventory = load_inventory(paths, stdin=stdin)
    assert names(inventory) == ["b", "piped", "a"]
    assert inventory.places[("NetworkPolicy", "default", "piped")] == Place(file="<stdin>", line=1, column=1)


def test_what_is_no_manifest_is_counted_in_a_folder_and_refused_when_named(load, complaints):
    files = {
        "Chart.yaml": "apiVersion: v2\nname: shop\n",
        "values.yaml": "replicas: 1\nkindly: please\n",
        "list.json": "[1]",
        "kustomization.yaml": "kind: Kustomization\nresources: []\n",
        "empty.yaml": "# nothing\n---\n",
        "a.yaml": policy("a"),
    }
    assert load(files).ignored == {"Kustomization": 1, "documents without kind": 3}
    assert complaints({}, "values.yaml") == [
        'values.yaml:1:1: this is no Kubernetes object: it has no "kind"'
    ]
    assert complaints({}, "list.json") == ["list.json:1:1: this document is a list, not an object with keys"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (
            policy("{{ .Values.name }}"),
            "x.yaml:3:18: this is a Helm template, not a manifest; render it first: helm template …",
        ),
        (
            "{{- if .Values.on }}\n" + policy("a") + "{{- end }}\n",
            "x.yaml:1:1: this is a Helm template, not a manifest; render it first: helm template …",
        ),
        (
            policy('"{{ .Values.name }}"'),
            (
                'x.yaml:3:18: metadata.name: "{{ .Values.name }}" must be lowercase letters, digits, "-" and '
                '".", and begin and end with a letter or digit (each part between dots, too); '
                "render it first: helm template …"
            ),
        ),
        (b"\x7fELF\x02\x00\xff kind", "x.yaml: this is a binary file, not a manifest"),
        (b"kind: caf\xe9", "x.yaml: this is not UTF-8 text, not a manifest"),
        ("kind: \x00", "x.yaml:1:7: the character U+0000 is not allowed in YAML"),
    ],
)
def test_what_is_no_text_of_yaml_is_named_as_what_it_is(complaints, content, complaint):
    assert complaints({"x.yaml": content}) == [complaint]


def test_a_list_in_a_folder_is_no_manifest_whatever_it_is_about(load):
    patch = "# a patch\n- op: replace\n  path: /kind\n  value: {kind: Pod}\n"
    assert load({"a.yaml": policy("a"), "patch.yaml": patch}).ignored == {"documents without kind": 1}


def test_all_problems_of_all_files_come_at_once(complaints):
    found = complaints(
        {
            "a.yaml": policy("a", "[]") + "---\n" + policy("b") + "---\nkind: [\n---\n" + policy("C"),
            "b.yaml": policy("d", "7"),
        }
    )
    assert [problem.partition(": ")[0] for problem in found] == [
        "a.yaml:4:7",
        "a.yaml:12:1",
        "a.yaml:15:18",
        "b.yaml:4:7",
    ]


@pytest.mark.parametrize(
    ("files", "path", "sentence"),
    [
        ({}, "nowhere.yaml", "there is no file or folder nowhere.yaml"),
        ({"x/readme.md": "x"}, "x", "x holds no manifests (*.yaml, *.yml, *.json)"),
        ({"x/a.yaml": "# nothing\n"}, "x", "there are no manifests in x"),
    ],
)
def test_where_nothing_is_to_be_read(complaints, files, path, sentence):
    assert complaints(files, path) == [sentence]


def test_a_link_to_itself_cannot_be_read(complaints, tmp_path):
    (tmp_path / "self.yaml").symlink_to(tmp_path / "self.yaml")
    (complaint,) = complaints({"a.yaml": policy("a")})
    assert complaint.startswith("self.yaml cannot be read: ")


def test_a_dash_without_standard_input():
    with pytest.raises(InputError, match="there is no standard input to read"):
        load_inventory(["-"])


def test_a_document_of_an_unknown_kind_is_not_even_parsed(load):
    text = "kind: ConfigMap\napiVersion: v1\ndata: {broken\n---\n" + policy("a")
    assert load({"a.yaml": text}).ignored == {"ConfigMap": 1}


def test_a_line_that_only_looks_like_a_kind_hides_no_object(load):
    text = (
        policy("a")
        .replace("spec:", "  annotations:\n    x: |\n      kind: ConfigMap\nspec:")
        .replace("metadata: {name: a}", "metadata:\n  name: a")
    )
    odd = policy("b").replace(
        "metadata: {name: b}", 'metadata: {name: b, annotations: {x: "\nkind: Secret"}}'
    )
    assert names(load({"a.yaml": text, "b.yaml": odd})) == ["a", "b"]


DIRECTIVES = (
    f"# a comment\n%YAML 1.1\n---\n{policy('a')}...\n# more\n--- # here\n{policy('b')}---\n---\n{policy('c')}"
)


def test_directives_comments_and_end_marks_split_as_yaml_has_it(load):
    inventory = load({"a.yaml": DIRECTIVES})
    assert names(inventory) == ["a", "b", "c"]
    assert [found.place.line for found in inventory.policies] == [4, 11, 17]


def test_a_byte_order_mark_and_windows_line_ends(load):
    inventory = load(
        {"a.yaml": ("\ufeff" + policy("a") + "---\n" + policy("b")).replace("\n", "\r\n").encode()}
    )
    assert [(found.name, found.place.line) for found in inventory.policies] == [("a", 1), ("b", 6)]


def test_a_byte_order_mark_on_the_standard_input():
    inventory = load_inventory(["-"], stdin=io.StringIO("\ufeff---\n" + policy("a") + "---\n" + policy("b")))
    assert names(inventory) == ["a", "b"]


def test_a_memory_bomb_of_aliases_is_refused(complaints):
    lines = ["kind: x-x", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    (complaint,) = complaints({"a.yaml": "\n".join(lines)})
    assert "more than 200000 values that aliases repeat" in complaint
