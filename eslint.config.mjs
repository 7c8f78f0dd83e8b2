import next from "eslint-config-next/core-web-vitals";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: [".next/**", "next-env.d.ts", "shared/generated/**", "target/**", "server/**", "test-results/**"] },
  ...next,
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ["**/*.{ts,tsx}"] })),
  {
    files: ["**/*.{ts,tsx}"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      // `promise.then(…)` inside an event handler and JSX callbacks that start one are how islands work here.
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      // A deliberate "empty counts as absent".
      "@typescript-eslint/prefer-nullish-coalescing": "off",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["app/**/*.{ts,tsx}", "components/**/*.{ts,tsx}", "lib/**/*.{ts,tsx}"],
    rules: { "max-lines-per-function": ["error", { max: 70, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ["components/ui/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["@/*", "next/*", "../*"], message: "components/ui knows no data, routes or domain." }] },
      ],
    },
  },
  {
    files: ["app/**/*.{ts,tsx}", "components/**/*.{ts,tsx}"],
    rules: {
      "no-restricted-globals": ["error", { name: "fetch", message: "lib/api.ts is the only door to the API." }],
    },
  },
  {
    files: ["app/**/*.tsx", "components/**/*.tsx"],
    rules: {
      // What people read comes from the catalog; what is left are the names of keys and signs.
      "react/jsx-no-literals": ["error", { ignoreProps: true, allowedStrings: ["J", "K", "/", "…", " ↓", " ↑", "\u00a0"] }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "JSXAttribute[name.name=/^(aria-label|title|placeholder|alt|label)$/] > Literal",
          message: "UI text comes from lib/messages.",
        },
        {
          selector: "JSXAttribute[name.name=/^(aria-label|title|placeholder|alt|label)$/] TemplateElement[value.raw=/[A-Za-z]{2}/]",
          message: "UI text comes from lib/messages, in whole sentences.",
        },
      ],
    },
  },
  // node:test collects what `test()` returns by itself.
  { files: ["**/*.test.ts"], rules: { "@typescript-eslint/no-floating-promises": "off" } },
  { files: ["app/api/**"], rules: { "no-restricted-globals": "off" } },
);
