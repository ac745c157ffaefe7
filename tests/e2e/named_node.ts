/** XML of a node of libvirt's test driver with one guest for each name, which Nova's texts all have. */
export function namedNode(names: readonly string[], uuidOf: (number: number) => string): string {
  const domains = names.map((name, number) => {
    const text = escapeXml(name);
    return `<domain type="test">
  <name>instance-${number}</name>
  <uuid>${uuidOf(number)}</uuid>
  <metadata>
    <nova:instance xmlns:nova="http://openstack.org/xmlns/libvirt/nova/1.1">
      <nova:package version="${text}"/>
      <nova:name>${text}</nova:name>
      <nova:creationTime>${text}</nova:creationTime>
      <nova:flavor name="${text}"><nova:memory>${text}</nova:memory></nova:flavor>
      <nova:owner>
        <nova:user uuid="${text}">${text}</nova:user>
        <nova:project uuid="${text}">${text}</nova:project>
      </nova:owner>
      <nova:root type="${text}"/>
      <nova:ports><nova:port><nova:ip address="${text}"/></nova:port></nova:ports>
    </nova:instance>
  </metadata>
  <memory>1024</memory>
  <os><type>hvm</type></os>
</domain>`;
  });
  return `<node>${domains.join("\n")}</node>\n`;
}

/** As references, which keep line ends and blanks as they are. */
function escapeXml(text: string): string {
  return text.replace(/[^\w .,-]/gu, (character) => `&#${character.codePointAt(0)};`);
}
