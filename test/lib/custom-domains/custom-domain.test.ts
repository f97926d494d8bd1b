import { describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { AiGateway, CustomDomain, type CustomDomainProps } from "../../../lib/index.js";
import { newStack, only, problemsOf, synth } from "../new-stack.js";

const zoneId = "023e105f4ecef8ad9ca31a8372d0c353";
const hostname = "ai.example.com";

describe("CustomDomain", () => {
  test("stands for its gateway, and says where its DNS record points", () => {
    // GIVEN
    const stack = newStack();
    const gateway = AiGateway.fromGatewayId(stack, "gateway", "mine");

    // WHEN
    const domain = new CustomDomain(stack, "domain", { gateway, hostname, zoneId });
    new TerraformOutput(stack, "target", { value: domain.cnameTarget });

    // THEN
    const { resource, output } = synth(stack);
    expect(only(resource?.restful_resource)).toMatchObject({
      path: "/accounts/account/ai-gateway/gateways/mine/custom-domains",
      body: { domain: hostname, zone_id: zoneId },
      read_path: "$(path)/$(body.hostname)",
    });
    expect(output?.target?.value).toMatch(/restful_resource\.[^.]+\.output\.cname_target/);
    expect([domain.url, domain.compatUrl, domain.providerUrl("openai")]).toEqual([
      "https://ai.example.com",
      "https://ai.example.com/compat",
      "https://ai.example.com/openai",
    ]);
  });

  test("is replaced for whatever is declared otherwise, and by nothing else", () => {
    const stack = newStack();
    const gateway = AiGateway.fromGatewayId(stack, "gateway", "mine");

    new CustomDomain(stack, "domain", { gateway, hostname, zoneId });

    const { resource } = synth(stack);
    const { terraform_data: kept = {} } = resource ?? {};
    const [claim = "", declared = ""] = Object.keys(kept).sort();
    const replacedBy = [`terraform_data.${declared}`];
    expect(kept[declared]?.input).toEqual({ domain: hostname, zone_id: zoneId });
    expect(only(resource?.restful_resource).lifecycle).toEqual({
      ignore_changes: ["body", "read_selector"],
      postcondition: [expect.anything()],
      replace_triggered_by: replacedBy,
    });
    // It says what is there before the domain is made anew.
    expect(kept[claim]?.lifecycle).toEqual({
      ignore_changes: ["input"],
      replace_triggered_by: replacedBy,
    });
  });

  test("is looked for by its name, as Terraform reads it in any case", () => {
    const stack = newStack();
    const gateway = AiGateway.fromGatewayId(stack, "gateway", "mine");

    new CustomDomain(stack, "domain", { gateway, hostname, zoneId });

    const reads = Object.values(synth(stack).data?.restful_resource ?? {});
    const read = reads.find(({ id }) => String(id).endsWith(`/custom-domains/${hostname}`));
    expect(read).toMatchObject({ allow_not_exist: true, count: expect.any(String) });
    expect(read).not.toHaveProperty("query");
  });

  test("keeps what replaces it where it is protected", () => {
    const stack = newStack();
    const gateway = AiGateway.fromGatewayId(stack, "gateway", "mine");

    new CustomDomain(stack, "domain", { gateway, hostname, zoneId, deletionProtection: true });

    expect(only(synth(stack).resource?.restful_resource).lifecycle).toMatchObject({
      ignore_changes: ["body", "read_selector"],
      prevent_destroy: true,
      replace_triggered_by: [expect.any(String)],
    });
  });

  test("of somewhere else is used by its name, and nothing is declared", () => {
    const stack = newStack();

    const domain = CustomDomain.fromHostname(stack, "domain", hostname);

    expect([domain.compatUrl, domain.providerUrl("openai")]).toEqual([
      `https://${hostname}/compat`,
      `https://${hostname}/openai`,
    ]);
    expect(synth(stack).resource).toBeUndefined();
    CustomDomain.fromHostname(stack, "wrong", "https://ai.example.com");
    expect(problemsOf(stack)).toEqual([expect.stringContaining("hostname: got")]);
  });

  const wrong: readonly [Partial<Record<keyof CustomDomainProps, unknown>>, string][] = [
    [{ hostname: "https://ai.example.com" }, "hostname: got"],
    [{ hostname: "*.example.com" }, "hostname: got"],
    [{ zoneId: "example.com" }, "zoneId: got"],
    [{ deletionProtection: 1 }, "deletionProtection: got 1"],
  ];
  test.each(wrong)("fails for %p", (props, problem) => {
    const stack = newStack();
    const gateway = AiGateway.fromGatewayId(stack, "gateway", "mine");

    new CustomDomain(stack, "domain", { gateway, hostname, zoneId, ...props } as CustomDomainProps);

    expect(problemsOf(stack)).toEqual([expect.stringContaining(problem)]);
  });

  test("fails for a hostname that another one of the stack has", () => {
    const stack = newStack();
    const gateway = AiGateway.fromGatewayId(stack, "gateway", "mine");
    new CustomDomain(stack, "first", { gateway, hostname, zoneId });

    new CustomDomain(stack, "second", { gateway, hostname, zoneId });

    expect(problemsOf(stack)).toEqual([
      expect.stringContaining("is the hostname of chat/first already"),
    ]);
  });
});
