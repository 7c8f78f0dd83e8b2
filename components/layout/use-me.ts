"use client";
import { useGet, type Resource } from "@/lib/data";
import { queries } from "@/lib/queries";
import type { Me } from "@/lib/api-types";

export const useMe = (): Resource<Me> => useGet<Me>(queries.me());
