// Lint rules for everything in TypeScript.
import js from '@eslint/js';
import lit from 'eslint-plugin-lit';
import globals from 'globals';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/dist/', 'pkg/src/generated/', 'www/src/locales/', 'target/', '**/*.js'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  lit.configs['flat/recommended'],
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A void arrow that returns a void call reads well in listeners and templates.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Lit's listeners are bound by Lit.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Plain scripts: no project, no types.
    files: ['**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
);
