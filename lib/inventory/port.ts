/** How much of a port's id fits into the name of a host device behind its prefix of three letters. */
const ID_LENGTH = 11;

/**
 * The Neutron port that a host device is named after: Nova and Neutron take a prefix of three letters
 * (`tap`, `vhu`, `qvo`) and the head of the port's id.
 *
 * @param ports Ids of the instance's ports, each once.
 * @returns undefined where it is named after none of them, or where several fit.
 */
export function portOf(device: string, ports: Iterable<string>): string | undefined {
  const head = device.slice(3);
  if (head.length !== ID_LENGTH) return undefined;
  const [found, ...others] = [...ports].filter((uuid) => uuid.startsWith(head));
  return others.length === 0 ? found : undefined;
}
