// Who delivers: organisations and services that are there, on days that can be, with places that add up.
import type { Contract } from "../../../schemas/contract.ts";
import type { NeedCode } from "../../../schemas/need.ts";
import type { Programme } from "../../../schemas/programme.ts";
import type { Directory } from "../../../schemas/provider.ts";
import { servicesOf } from "../../../src/core/contracts.ts";
import { type At, type Check, type Finding, found, meet, twice, when } from "./finding.ts";

export const contractFindings: Check = (programme, { directory }) => [
  ...twice(programme.contracts, (one) => one.contract).map((at) =>
    found(["contracts", at, "contract"], "Two contracts have this id."),
  ),
  ...programme.contracts.flatMap((contract, at) => [
    ...days(programme, contract, ["contracts", at]),
    ...organisations(contract, directory, ["contracts", at]),
    ...services(programme, contract, directory, ["contracts", at]),
  ]),
  ...programme.needs.flatMap((need, at) =>
    when(
      !servicesOf(programme).some((service) => offers(directory, service, need)),
      ["needs", at],
      `No service of this programme offers ${need}.`,
    ),
  ),
];

const offers = (directory: Directory, id: string, need: NeedCode): boolean =>
  directory.services.some((one) => one.id === id && one.needs.includes(need));

const days = ({ validFrom, validTo }: Programme, { from, to }: Contract, at: At): Finding[] => [
  ...when(to !== undefined && to < from, [...at, "to"], "This contract ends before it starts."),
  ...when(
    !meet({ from: validFrom, to: validTo }, { from, to }),
    [...at, "from"],
    "This contract runs on no day on which the programme does.",
  ),
];

const organisations = ({ prime, partners }: Contract, directory: Directory, at: At): Finding[] =>
  [
    { id: prime, at: [...at, "prime"] },
    ...partners.map((id, index) => ({ id, at: [...at, "partners", index] })),
  ].flatMap((one) =>
    when(
      !directory.organisations.some(({ id }) => id === one.id),
      one.at,
      `The directory has no organisation "${one.id}".`,
    ),
  );

const services = (programme: Programme, contract: Contract, directory: Directory, at: At): Finding[] => [
  ...twice(contract.services, (one) => one.service).map((index) =>
    found([...at, "services", index, "service"], "This service stands here twice."),
  ),
  ...contract.services.flatMap(({ service: id, share }, index) => {
    const service = directory.services.find((one) => one.id === id);
    const path = [...at, "services", index, "service"];
    if (service === undefined) return [found(path, `The directory has no service "${id}".`)];
    return [
      ...when(
        !programme.needs.some((need) => service.needs.includes(need)),
        path,
        `"${id}" offers none of: ${programme.needs.join(", ")}.`,
      ),
      ...when(
        ![contract.prime, ...contract.partners].includes(service.organisation),
        path,
        `"${id}" is run neither by the prime nor by a partner of this contract.`,
      ),
      ...when(
        programme.allocation === "nearest" && service.at === undefined,
        path,
        `"${id}" has no position in the directory, so nobody can say how near it is.`,
      ),
      ...when(
        programme.allocation !== "fair-share" && share !== 1,
        [...at, "services", index, "share"],
        "A share counts only under `allocation: fair-share`.",
      ),
    ];
  }),
];
