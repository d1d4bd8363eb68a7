import { defineConfig } from "vite";

export default defineConfig({
  build: { target: "es2022", assetsInlineLimit: 0 },
  // The package finds its module beside itself; a pre-bundled copy would look for it in the cache folder.
  optimizeDeps: { exclude: ["ftrack-wasm"] },
  server: { fs: { allow: ["../.."] } },
});
