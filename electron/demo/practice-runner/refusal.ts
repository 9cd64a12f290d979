/** A refusal that is printed as it is; the command ends with 1. */
export class Refusal extends Error {}
