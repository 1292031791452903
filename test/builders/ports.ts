// A port of which a test uses a few functions: every other one that is called fails the test.
export const only = <Port extends object>(given: Partial<Port>): Port =>
  new Proxy(given, {
    get: (target, name) =>
      name in target
        ? Reflect.get(target, name)
        : () => Promise.reject(new Error(`${String(name)} is not called here`)),
  }) as Port;
