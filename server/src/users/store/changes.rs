use crate::{
    db::{DbError, WriteTx, ids::UserId},
    users::{actions::CreateUser, error::UsersError, model::NewUser},
};

/// The person, the roles and the profiles. A taken e-mail or student number is said by its constraint.
pub async fn insert(tx: &mut WriteTx<CreateUser>, new: &NewUser) -> Result<UserId, UsersError> {
    let id = UserId::new();
    write_person(tx, id, new).await.map_err(DbError::from)?;
    Ok(id)
}

async fn write_person(tx: &mut WriteTx<CreateUser>, id: UserId, new: &NewUser) -> Result<(), sqlx::Error> {
    let connection = tx.connection();
    sqlx::query!(
        "insert into app_user (id, email, name, sort_name) values ($1, lower($2), $3, $4)",
        id.0,
        new.email,
        new.name,
        new.sort_name
    )
    .execute(&mut *connection)
    .await?;
    let held: Vec<String> = new.roles().iter().map(|role| role.as_str().to_owned()).collect();
    sqlx::query!("insert into user_role (user_id, role) select $1, role from unnest($2::text[]) as held (role)", id.0, &held)
        .execute(&mut *connection)
        .await?;
    if let Some(student) = &new.student {
        sqlx::query!(
            "insert into student_profile (user_id, student_number, department_id, program, semester, admitted_on)
            values ($1, $2, $3, $4, $5, $6)",
            id.0,
            student.student_number,
            student.department.0,
            student.program,
            student.semester,
            student.admitted_on
        )
        .execute(&mut *connection)
        .await?;
    }
    if let Some(faculty) = &new.faculty {
        sqlx::query!(
            "insert into faculty_profile (user_id, department_id, title) values ($1, $2, $3)",
            id.0,
            faculty.department.0,
            faculty.title
        )
        .execute(&mut *connection)
        .await?;
    }
    if let Some(admin) = &new.admin {
        sqlx::query!("insert into admin_profile (user_id, office) values ($1, $2)", id.0, admin.office)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
