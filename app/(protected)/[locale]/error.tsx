"use client";
export { Crash as default } from "@/components/layout/crash";
