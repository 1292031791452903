declare module "nhs-number-validator" {
  const nhsNumber: { validate(value: string): boolean };
  export default nhsNumber;
}
