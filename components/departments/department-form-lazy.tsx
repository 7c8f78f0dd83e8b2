"use client";
import dynamic from "next/dynamic";

/** Forms only admins open are fetched when one is opened. */
export const CreateDepartment = dynamic(() => import("./department-form").then((module) => module.CreateDepartment), { ssr: false });
export const EditDepartment = dynamic(() => import("./department-form").then((module) => module.EditDepartment), { ssr: false });
