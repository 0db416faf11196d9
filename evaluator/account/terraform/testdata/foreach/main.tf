# Instances by count and for_each, dynamic blocks, locals, merged documents.
provider "aws" {
  region              = "us-east-1"
  allowed_account_ids = ["123456789012"]
}

locals {
  teams = { blue = "orders", green = "returns" }
  named = aws_lambda_function.teams["blue"].arn
}

resource "aws_iam_role" "teams" {
  for_each           = local.teams
  name_prefix        = "${each.key}-"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}

resource "aws_lambda_function" "teams" {
  for_each      = local.teams
  function_name = each.value
  role          = aws_iam_role.teams[each.key].arn
}

data "aws_iam_policy_document" "teams" {
  for_each = local.teams
  statement {
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.teams[each.key].arn]
  }
}

resource "aws_iam_role_policy" "teams" {
  for_each = local.teams
  role     = aws_iam_role.teams[each.key].name
  policy   = data.aws_iam_policy_document.teams[each.key].json
}

resource "aws_iam_role" "counted" {
  count              = 2
  name               = "counted-${count.index}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = aws_iam_role.teams["blue"].arn }, Action = "sts:AssumeRole" }] })
}

data "aws_iam_policy_document" "base" {
  statement {
    sid       = "Base"
    actions   = ["lambda:GetFunction"]
    resources = [aws_lambda_function.teams["blue"].arn, aws_lambda_function.teams["green"].arn]
  }
  statement {
    sid       = "Replaced"
    actions   = ["lambda:DeleteFunction"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "override" {
  statement {
    sid       = "Replaced"
    effect    = "Deny"
    actions   = ["lambda:DeleteFunction"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "merged" {
  source_policy_documents   = [data.aws_iam_policy_document.base.json]
  override_policy_documents = [data.aws_iam_policy_document.override.json]
  dynamic "statement" {
    for_each = local.teams
    content {
      sid       = "Log${statement.key}"
      actions   = ["logs:PutLogEvents"]
      resources = ["arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/${statement.value}:*", local.named]
    }
  }
}

resource "aws_iam_role_policy" "counted" {
  count  = 2
  name   = "merged"
  role   = aws_iam_role.counted[count.index].id
  policy = data.aws_iam_policy_document.merged.json
}

resource "aws_iam_user" "alice" {
  name = "alice"
}

resource "aws_iam_group" "dev" {
  name = "dev"
}

resource "aws_iam_user_group_membership" "alice" {
  user   = aws_iam_user.alice.name
  groups = [aws_iam_group.dev.name]
}

resource "aws_iam_group_policy" "dev" {
  name   = "dev"
  group  = aws_iam_group.dev.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:ListBucket", Resource = "*" }] })
}
