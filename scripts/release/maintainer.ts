/** Whom packages name where nobody says more: no address that could be somebody's (RFC 2606). */
const NOBODY =
  "OpenStack Instance Exporter maintainers <maintainers@openstack-instance-exporter.invalid>";

/**
 * The maintainer that packages name.
 *
 * @param wanted The variable `MAINTAINER`: who builds packages for others stands in for them.
 * @throws {SyntaxError} If it is no name with an address in angle brackets, as Debian wants it.
 */
export function maintainer(wanted: string | undefined): string {
  if (wanted === undefined || wanted === "") return NOBODY;
  if (!/^[^<>"\n]+ <[^<>@\s]+@[^<>@\s]+>$/.test(wanted)) {
    throw new SyntaxError(
      `Cannot release with MAINTAINER "${wanted}": expected a name and an address, such as ` +
        `Ops <ops@cloud.example>`,
    );
  }
  return wanted;
}
