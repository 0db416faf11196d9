# A Deny goes, a function is added, a role is removed, and another stays.
provider "aws" {
  region = "us-east-1"
}

data "aws_caller_identity" "current" {}

locals {
  trust = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "123456789012" }, Action = "sts:AssumeRole" }] })
}

resource "aws_iam_role" "deploy" {
  name               = "deploy"
  assume_role_policy = local.trust
}

resource "aws_iam_role" "same" {
  name               = "same"
  assume_role_policy = local.trust
}

data "aws_iam_policy_document" "deploy" {
  statement {
    actions   = ["lambda:GetFunction", "lambda:UpdateFunctionCode", "lambda:DeleteFunction"]
    resources = [aws_lambda_function.orders.arn, aws_lambda_function.returns.arn]
  }
}

resource "aws_iam_role_policy" "deploy" {
  name   = "deploy"
  role   = aws_iam_role.deploy.id
  policy = data.aws_iam_policy_document.deploy.json
}

resource "aws_iam_role_policy" "same" {
  name   = "same"
  role   = aws_iam_role.same.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.data.arn}/*" }] })
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.same.arn
}

resource "aws_lambda_function" "returns" {
  function_name = "returns"
  role          = aws_iam_role.same.arn
}

resource "aws_s3_bucket" "data" {
  bucket = "data-example"
}

resource "aws_lambda_permission" "queue" {
  statement_id  = "Partner"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "*"
}
