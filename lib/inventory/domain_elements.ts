import type { DomainDraft } from "./domain_draft.ts";

/** An element that the program reads, with what it does to the draft. */
export interface XmlElement {
  /** Elements below it; others are skipped with all they hold. */
  readonly children?: ReadonlyMap<string, XmlElement>;
  /** Whether its children are known by their local names, in whatever namespace. */
  readonly anyPrefix?: boolean;
  readonly open?: (draft: DomainDraft, attributes: Readonly<Record<string, string>>) => void;
  /** Takes the element's own text, CDATA included. */
  readonly text?: (draft: DomainDraft, text: string) => void;
  readonly close?: (draft: DomainDraft) => void;
}

type Children = Readonly<Record<string, XmlElement>>;

function parent(children: Children, rest: Omit<XmlElement, "children"> = {}): XmlElement {
  return { ...rest, children: new Map(Object.entries(children)) };
}

function nova(children: Children, rest: Omit<XmlElement, "children" | "anyPrefix"> = {}) {
  return parent(children, { ...rest, anyPrefix: true });
}

const NOVA_INSTANCE = nova({
  package: { open: (draft, { version }) => draft.setText("metadataVersion", version) },
  name: { text: (draft, text) => draft.setText("displayName", text) },
  creationTime: { text: (draft, text) => draft.setText("createdAt", text) },
  flavor: nova({
    memory: { text: (draft, text) => draft.setMemory("flavor", text, "MiB") },
    vcpus: { text: (draft, text) => draft.setVcpus("flavor", text) },
  }, { open: (draft, { name }) => draft.setText("flavor", name) }),
  owner: nova({
    user: {
      open: (draft, { uuid }) => draft.setText("userUuid", uuid),
      text: (draft, text) => draft.setText("userName", text),
    },
    project: {
      open: (draft, { uuid }) => draft.setText("projectUuid", uuid),
      text: (draft, text) => draft.setText("projectName", text),
    },
  }),
  root: { open: (draft, { type }) => draft.setText("rootType", type) },
  ports: nova({
    port: nova({
      ip: { open: (draft, { address }) => draft.addFixedIp(address) },
    }, { open: (draft, { uuid }) => draft.addPort(uuid) }),
  }),
});

/**
 * The elements of a domain that the program reads, from its root `<domain>` down.
 * Source: libvirt's "Domain XML format", and Nova's "Libvirt driver metadata".
 */
export const DOMAIN_ELEMENTS: XmlElement = parent({
  metadata: nova({ instance: NOVA_INSTANCE }),
  memory: {
    open: (draft, { unit }) => draft.setUnit(unit),
    text: (draft, text) => draft.setMemory("maximum", text),
  },
  currentMemory: {
    open: (draft, { unit }) => draft.setUnit(unit),
    text: (draft, text) => draft.setMemory("current", text),
  },
  vcpu: {
    open: (draft, { current }) => draft.setVcpus("current", current),
    text: (draft, text) => draft.setVcpus("maximum", text),
  },
  devices: parent({
    disk: parent({
      source: { open: (draft, attributes) => draft.setDiskSource(attributes) },
      target: { open: (draft, { dev }) => draft.setDiskTarget(dev) },
      serial: { text: (draft, text) => draft.setDiskSerial(text) },
    }, {
      open: (draft, { type, device }) => draft.openDisk(type, device),
      close: (draft) => draft.closeDisk(),
    }),
    interface: parent({
      target: { open: (draft, { dev }) => draft.setInterface("device", dev) },
      mac: { open: (draft, { address }) => draft.setInterface("mac", address) },
      source: { open: (draft, { bridge }) => draft.setInterface("bridge", bridge) },
      model: { open: (draft, { type }) => draft.setInterface("model", type) },
      mtu: { open: (draft, { size }) => draft.setInterface("mtu", size) },
      virtualport: parent({
        parameters: {
          open: (draft, { interfaceid }) => draft.setInterface("interfaceId", interfaceid),
        },
      }),
    }, {
      open: (draft) => draft.openInterface(),
      close: (draft) => draft.closeInterface(),
    }),
  }),
});
