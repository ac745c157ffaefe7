import assert from "node:assert/strict";
import { parse } from "yaml";
import { FLOWS_BY_KIND } from "../../lib/collectors/flow_kinds.ts";
import { nameFamilies } from "../../lib/metrics/naming.ts";
import { REPOSITORY } from "../../scripts/repository.ts";
import { pageBlock } from "../page_block.ts";

Deno.test("the second job of prometheus.md keeps what the first leaves out, by either naming", async () => {
  const example = await Deno.readTextFile(`${REPOSITORY}/packaging/prometheus/prometheus.yml`);
  const { scrape_configs: [{ job_name, relabel_configs }] } = parse(example);
  const page = parse(await pageBlock("prometheus.md", "A second job", "yaml"));
  const targets = { file_sd_configs: [{ files: ["targets/*.yml"] }], relabel_configs };
  const names = nameFamilies(FLOWS_BY_KIND.families, "both").map(({ name }) => name);
  assert.deepEqual(page, {
    scrape_configs: [
      { job_name, params: { "exclude[]": [FLOWS_BY_KIND.name] }, ...targets },
      {
        job_name: "openstack_flows",
        scrape_interval: "120s",
        params: { "collect[]": [FLOWS_BY_KIND.name] },
        ...targets,
        metric_relabel_configs: [
          { source_labels: ["__name__"], regex: names.join("|"), action: "keep" },
        ],
      },
    ],
  });
});
