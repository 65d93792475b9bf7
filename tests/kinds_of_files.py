"""Files of every kind that stand beside Talos configs, by hand in the shapes of the tools that read them."""

from __future__ import annotations

__all__ = ["CARRIERS", "CONFIG_MAP", "FOREIGN", "GITLAB", "TALHELPER"]

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: b}\n"
GITLAB = "stages: [build]\nmachine:\n  stage: build\n  script: [make]\n"
FOREIGN = {
    CONFIG_MAP: "a Kubernetes ConfigMap",
    f"{CONFIG_MAP}---\napiVersion: apps/v1\nkind: Deployment\n": "a Kubernetes ConfigMap",
    "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Secret}]\n": "a Kubernetes List",
    "apiVersion: apps/v1\nkind: Deployment\nspec: {x: {$patch: delete}}\n": "a Kubernetes Deployment",
    "apiVersion: example.org/v1\nkind: VolumeConfig\n": "a Kubernetes VolumeConfig",
    "apiVersion: v1\nkind: x y\n": "a Kubernetes manifest",
    "apiVersion: v1\nkind: Config\nclusters: []\n": "a kubeconfig",
    "customization:\n  systemExtensions: {officialExtensions: []}\n": "an Image Factory schematic",
    "overlay: {image: siderolabs/sbc, name: rpi}\ncustomization: {}\n": "an Image Factory schematic",
    "cluster: {id: x, secret: y}\nsecrets: {}\ntrustdinfo: {token: x}\ncerts: {}\n": "a secrets bundle of talosctl gen secrets",
    "context: home\ncontexts:\n  home: {endpoints: [10.0.0.1]}\n": "a talosconfig",
    "mirrors:\n  docker.io: {endpoint: [https://cache.example]}\n": "a k3s registries.yaml",
    "configs:\n  cache.example: {auth: {username: u}}\n": "a k3s registries.yaml",
    "version: '3'\nservices:\n  web: {image: nginx}\nx-common: {}\n": "a Docker Compose file",
    "services: {web: {image: nginx}}\nconfigs: {a: {file: b}}\n": "a Docker Compose file",
    "name: test\non: [push]\njobs: {test: {runs-on: x}}\n": "a GitHub workflow",
    "on: push\njobs: {machine: {}}\nmachine: {}\n": "a GitHub workflow",
    "version: 2.1\njobs: {build: {}}\nworkflows: {}\n": "a CircleCI config",
    "trigger: [main]\nsteps: [{script: make}]\n": "an Azure pipeline",
    GITLAB: "a GitLab CI file",
    "version: '3'\ntasks: {default: {cmds: [ls]}}\n": "a Taskfile",
    "apiVersion: v2\nname: chart\nversion: 1.0.0\n": "a Helm chart",
    "name: act\nruns: {using: composite}\n": "a GitHub action",
    "repos: [{repo: local}]\n": "a pre-commit config",
    "cluster: {name: home, id: 1}\nipam: {mode: kubernetes}\n": "a file of another tool",
    "cluster: {name: home, id: 1}\n": "a file of another tool",
    "cluster:\n  replicas: 1\nimage: x\n": "a file of another tool",
    "debug: true\nreplicaCount: 1\n": "a file of another tool",
    "debug: 1\n": "a file of another tool",
    "machine: x\n": "a file of another tool",
    "version: v1alpha1\n": "a file of another tool",
    "kind: Deployment\nmachine: {}\n": "a file of another tool",
    "{}": "an empty mapping",
    "": "an empty file",
    " \n\n": "an empty file",
    "---\n...\n": "an empty file",
    "null # nothing\n": "an empty file",
    "hello\n": "plain text",
    "- hosts: all\n  tasks: []\n": "a list",
    "[]": "a list",
    "- {op: replace, path: /spec/replicas, value: 1}\n": "a list",
    "- {op: add, path: /machine}\n- {op: add, path: /metadata}\n": "a list",
    "- {path: /machine}\n": "a list",
    "- {op: add, path: machine}\n": "a list",
    "- {op: add, path: ''}\n": "a list",
    "a: [\n": "a file that cannot be read as YAML",
    "a: {{ .x }}\n  b: {{ .y }}\n": "a template that is not rendered",
    "kind: Deployment\nspec: [\n": "a file that cannot be read as YAML",
    "  machine: [\n": "a file that cannot be read as YAML",
    "a: *nowhere\n": "a file that cannot be read as YAML",
}
"""Files of other tools, and what each is."""

TALHELPER = "clusterName: home\nendpoint: https://home.example:6443\nnodes:\n  - hostname: one\n"
CARRIERS = {
    TALHELPER: "a talhelper config",
    TALHELPER + "patches: ['{machine: {x: {$patch: delete}}}']\n": "a talhelper config",
    "clusterEndpoint: https://home.example\nnodes: [{host: one}]\n": "a topf config",
    "kind: Cluster\nname: home\ntalos: {version: v1.12.0}\n": "an Omni cluster template",
    f"{CONFIG_MAP}---\nkind: Machine\nname: x\n": "an Omni cluster template",
    "metadata: {type: ConfigPatches.omni.sidero.dev}\nspec: {data: '{machine: {}}'}\n": "an Omni export",
}
"""Files that can carry patches, and what each is."""
