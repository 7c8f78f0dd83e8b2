"use client";
import { useGet, type Resource } from "@/lib/data";
import { queries } from "@/lib/queries";
import type { Me } from "@/shared";

export const useMe = (): Resource<Me> => useGet(queries.me());
